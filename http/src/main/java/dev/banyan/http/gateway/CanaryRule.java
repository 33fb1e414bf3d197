package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.topology.Route.Canary;
import java.util.random.RandomGenerator;

/**
 * Which requests a new form of a service gets to be tried out. Immutable.
 *
 * <p>For its share, clients fall into {@value #BUCKETS} buckets by a hash with the service's name in it, so that two canaries try two sets of
 * clients; the first buckets are its share, so that who is in a smaller one is in a larger one too. What a cache would keep of such answers
 * would reach other clients, so they say what they hang on, or that edges keep them not.
 */
final class CanaryRule {
    static final int BUCKETS = 10_000;

    static final String COOKIE = "banyan-bucket";

    private static final byte[] COOKIE_IS = HeadBuffer.ascii(COOKIE + "=");
    private static final FieldLine VARY_COOKIE = new FieldLine("Vary", "Cookie");
    private static final FieldLine NOT_AT_AN_EDGE = new FieldLine("CDN-Cache-Control", "no-store");

    private final String service;
    private final FieldCondition header;
    private final FieldCondition cookie;
    private final FieldLine varyHeader;
    private final Canary.By by;
    private final int share;
    private final int salt;

    CanaryRule(Canary canary) {
        service = canary.service();
        header = canary.header().map(FieldCondition::of).orElse(null);
        cookie = canary.cookie().map(FieldCondition::of).orElse(null);
        varyHeader = canary.header().map(match -> new FieldLine("Vary", match.name())).orElse(null);
        by = canary.by();
        share = (int) Math.round(canary.share().of1() * BUCKETS);
        salt = mixed(service.hashCode());
    }

    String service() {
        return service;
    }

    /** Whether it gets this request; notes in the answer what hangs on it. */
    boolean takes(Call call, RandomGenerator random) {
        if (varyHeader != null) {
            call.response().add(varyHeader);
        }
        if (cookie != null) {
            call.response().add(VARY_COOKIE);
        }
        Fields fields = call.head().fields();
        boolean named = header != null && header.header(fields) || cookie != null && cookie.cookie(fields);
        return named || share > 0 && bucket(call, random) < share;
    }

    private int bucket(Call call, RandomGenerator random) {
        call.response().set(NOT_AT_AN_EDGE);
        int client = switch (by) {
            case ADDRESS -> call.client().hashCode();
            case IDENTITY -> call.identity().map(Identity::name).orElseGet(call::client).hashCode();
            case COOKIE -> cookieBucket(call, random);
        };
        return Math.floorMod(mixed(client) + salt, BUCKETS);
    }

    private static int cookieBucket(Call call, RandomGenerator random) {
        int bucket = given(call.head().fields());
        if (bucket < 0) {
            bucket = random.nextInt(BUCKETS);
            call.response().add(new FieldLine("Set-Cookie", COOKIE + "=" + bucket + "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" + (call.secure() ? "; Secure" : "")));
        }
        return bucket;
    }

    /** The bucket in the client's cookie, or -1. */
    private static int given(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.COOKIE) {
                int bucket = given(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
                if (bucket >= 0) {
                    return bucket;
                }
            }
        }
        return -1;
    }

    private static int given(byte[] bytes, int from, int to) {
        for (int at = from; at + COOKIE_IS.length < to; at++) {
            boolean begins = at == from || bytes[at - 1] == ' ' || bytes[at - 1] == ';';
            if (begins && Grammar.equalsIgnoreCase(bytes, at, at + COOKIE_IS.length, COOKIE_IS)) {
                return number(bytes, at + COOKIE_IS.length, to);
            }
        }
        return -1;
    }

    private static int number(byte[] bytes, int from, int to) {
        int number = 0;
        int i = from;
        while (i < to && i - from < 5 && Grammar.digit(bytes[i])) {
            number = 10 * number + bytes[i++] - '0';
        }
        return i > from && (i == to || bytes[i] == ';') && number < BUCKETS ? number : -1;
    }

    /** Spreads what differs little (the finalizer of MurmurHash3). */
    private static int mixed(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return (mixed ^ mixed >>> 16) & Integer.MAX_VALUE;
    }
}
