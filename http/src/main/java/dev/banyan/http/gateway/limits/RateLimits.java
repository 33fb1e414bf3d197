package dev.banyan.http.gateway.limits;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rate limits that a route's requests must keep: all must allow a request, and when one refuses it, it costs none of them anything.
 * What is left is told with every answer by {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-11). Safe
 * for any thread.
 */
final class RateLimits implements Check {
    private static final String OVER_LIMIT = "X-Over-Limit";

    private final Meter[] meters;
    private final FieldLine policies;
    private final boolean marks;

    RateLimits(List<Meter> meters) {
        this.meters = meters.toArray(Meter[]::new);
        this.policies = new FieldLine("RateLimit-Policy", meters.stream().map(Meter::policy).collect(Collectors.joining(", ")));
        this.marks = meters.stream().anyMatch(meter -> !meter.refuses());
    }

    @Override
    public LocalAnswer check(Call call, long nowNanos) {
        long[] keys = new long[meters.length];
        long[] told = new long[meters.length];
        for (int i = 0; i < meters.length; i++) {
            keys[i] = meters[i].key(call);
        }
        int refusing = meters.length > 1 ? peek(keys, told, nowNanos) : -1;
        if (refusing < 0) {
            refusing = take(keys, told, nowNanos);
        }
        call.response().set(policies);
        call.response().set(new FieldLine("RateLimit", items(told)));
        if (refusing >= 0) {
            meters[refusing].exceeded().increment();
            return refusal(refusing, told);
        }
        if (marks) {
            mark(call, told);
        }
        return null;
    }

    /** Looks before taking, so that a refused request uses up nobody's place in a table. */
    private int peek(long[] keys, long[] told, long nowNanos) {
        int refusing = -1;
        for (int i = 0; i < meters.length; i++) {
            told[i] = meters[i].tokens().peek(keys[i], nowNanos);
            if (told[i] < 0 && meters[i].refuses() && (refusing < 0 || told[i] < told[refusing])) {
                refusing = i;
            }
        }
        return refusing;
    }

    /** Takes of each; when another loop was quicker at one, what was taken is given back. */
    private int take(long[] keys, long[] told, long nowNanos) {
        for (int i = 0; i < meters.length; i++) {
            told[i] = meters[i].tokens().take(keys[i], nowNanos);
            if (told[i] < 0 && meters[i].refuses()) {
                for (int j = 0; j < i; j++) {
                    if (told[j] > 0) {
                        meters[j].tokens().giveBack(keys[j]);
                    }
                }
                return i;
            }
        }
        return -1;
    }

    private String items(long[] told) {
        StringBuilder items = new StringBuilder(40 * meters.length);
        for (int i = 0; i < meters.length; i++) {
            if (i > 0) {
                items.append(", ");
            }
            meters[i].item(items, told[i]);
        }
        return items.toString();
    }

    private LocalAnswer refusal(int refusing, long[] told) {
        Meter meter = meters[refusing];
        long seconds = Meter.seconds(-told[refusing]);
        String reason = "more than " + meter.limit().requests() + " requests in " + dev.banyan.topology.Durations.format(meter.limit().per())
                + " (limit '" + meter.name() + "'); the next is taken in " + seconds + " s";
        return new LocalAnswer(429, reason, (int) Math.min(seconds, Integer.MAX_VALUE));
    }

    /** Limits that are only tried out: the service is told which of them a request exceeds, and a client cannot say so itself. */
    private void mark(Call call, long[] told) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < meters.length; i++) {
            if (told[i] < 0) {
                meters[i].exceeded().increment();
                names.append(names.isEmpty() ? "" : ", ").append(meters[i].name());
            }
        }
        if (names.isEmpty()) {
            call.request().remove(OVER_LIMIT);
        } else {
            call.request().set(new FieldLine(OVER_LIMIT, names.toString()));
        }
    }
}
