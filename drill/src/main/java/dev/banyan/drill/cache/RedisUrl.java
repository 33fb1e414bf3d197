package dev.banyan.drill.cache;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cache's address as applications have it. */
record RedisUrl(String host, int port, Optional<String> user, Optional<Secret> password) {
    private static final Pattern FORM = Pattern.compile("redis://(?:([^:@/]*)(?::([^@/]*))?@)?(\\[[^\\]]+\\]|[^:/?]+):(\\d{1,5})/?");
    /** Fewer letters than this are no sentence. */
    private static final int A_REASON = 10;

    /**
     * @param allowRemote why a cache on another machine may be used
     * @throws BanyanException USAGE, when it is no such URL, or its host is not this machine and nobody said why that is right; the URL is not shown
     */
    static RedisUrl of(Secret url, Optional<String> allowRemote) {
        Matcher form = FORM.matcher(url.reveal());
        if (!form.matches()) {
            throw new BanyanException(ErrorCode.USAGE, "--redis-url is redis://USER:PASSWORD@HOST:PORT, without TLS");
        }
        RedisUrl redis = new RedisUrl(form.group(3), Integer.parseInt(form.group(4)), text(form.group(1)), text(form.group(2)).map(Secret::new));
        if (allowRemote.map(String::strip).orElse("").length() < A_REASON) {
            redis.mustBeHere();
        }
        return redis;
    }

    private static Optional<String> text(String part) {
        return Optional.ofNullable(part).filter(it -> !it.isEmpty()).map(it -> URLDecoder.decode(it.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    private void mustBeHere() {
        try {
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                throw new BanyanException(ErrorCode.USAGE, "--redis-url: " + host + " is not this machine. The check keeps the cache busy: say why that is right there,"
                        + " in a sentence, with --allow-remote 'WHY'");
            }
        } catch (UnknownHostException e) {
            throw new BanyanException(ErrorCode.USAGE, "--redis-url: the host '" + host + "' is unknown; check its spelling and this machine's DNS", e);
        }
    }
}
