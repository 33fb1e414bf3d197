package dev.banyan.http;

import dev.banyan.http.wire.Cidrs;
import dev.banyan.topology.FrontDoor.HashKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The front door's part of the site file in the units of the hot path: nanoseconds, bytes, plain numbers. A new site makes a new one; a
 * request keeps to the one it began with.
 */
final class DoorSettings {
    final int headLimit;
    final int fieldLimit;
    /** {@link Long#MAX_VALUE} when unlimited. */
    final long bodyLimit;
    final int connectionLimit;
    final int queueLimit;
    final long queueNanos;

    final long connectNanos;
    final long headNanos;
    final long responseNanos;
    final long bodyNanos;
    final long idleNanos;
    final long serverIdleNanos;
    final long tunnelNanos;

    final int retryAttempts;
    final long retryBody;

    final Optional<HashKey> hash;
    /** In lower case. */
    final byte[] hashName;
    /** Empty when clients are not kept at their server. */
    final byte[] stickyCookie;

    final boolean proxyProtocol;
    final Cidrs trustedProxies;

    DoorSettings(dev.banyan.topology.FrontDoor site) {
        var limits = site.limits();
        headLimit = (int) Math.min(limits.head().bytes(), 1 << 20);
        fieldLimit = limits.headers();
        bodyLimit = limits.body().bytes() == 0 ? Long.MAX_VALUE : limits.body().bytes();
        connectionLimit = limits.connections();
        queueLimit = limits.queue();
        queueNanos = nanos(limits.queueTimeout());
        var timeouts = site.timeouts();
        connectNanos = nanos(timeouts.connect());
        headNanos = nanos(timeouts.head());
        responseNanos = nanos(timeouts.response());
        bodyNanos = nanos(timeouts.body());
        idleNanos = nanos(timeouts.idle());
        serverIdleNanos = nanos(timeouts.serverIdle());
        tunnelNanos = nanos(timeouts.tunnel());
        retryAttempts = site.retries().attempts();
        retryBody = site.retries().body().bytes();
        hash = switch (site.balance().algorithm()) {
            case HASH, CONSISTENT_HASH -> Optional.of(site.balance().hash().orElse(new HashKey(HashKey.Source.IP, "")));
            case ROUND_ROBIN, LEAST_CONNECTIONS, LEAST_RESPONSE_TIME, POWER_OF_TWO -> Optional.empty();
        };
        hashName = ascii(hash.map(HashKey::name).orElse("").toLowerCase(Locale.ROOT));
        stickyCookie = ascii(site.balance().stickyCookie().orElse(""));
        proxyProtocol = site.proxyProtocol();
        trustedProxies = Cidrs.of(site.trustedProxies());
    }

    private static long nanos(Duration duration) {
        return duration.toNanos();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
