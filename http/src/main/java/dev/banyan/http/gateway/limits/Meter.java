package dev.banyan.http.gateway.limits;

import dev.banyan.balance.TokenLimit;
import dev.banyan.balance.TokenRate;
import dev.banyan.http.gateway.Call;
import dev.banyan.telemetry.Counter;
import dev.banyan.topology.RateLimit;
import dev.banyan.topology.RateLimit.Exceeded;

/**
 * One rate limit of the site file with what everybody has used of it. Safe for any thread.
 *
 * @param name what clients are told it is called
 * @param scope the route it belongs to, or none for all routes
 * @param exceeded how often it was
 */
record Meter(String name, String scope, RateLimit limit, TokenLimit tokens, CountedBy countedBy, Counter exceeded) {
    private static final long SECOND_NANOS = 1_000_000_000L;

    long key(Call call) {
        return countedBy.of(call);
    }

    boolean refuses() {
        return limit.exceeded() == Exceeded.REFUSE;
    }

    /** Its item of {@code RateLimit-Policy}: how many requests in which seconds, as a full bucket and the time it takes to fill. */
    String policy() {
        TokenRate rate = tokens.rate();
        return '"' + name + "\";q=" + rate.burst() + ";w=" + seconds(rate.capacityNanos());
    }

    /** Its item of {@code RateLimit}: how many requests are left, and the seconds in which there are no more than these. */
    void item(StringBuilder to, long told) {
        TokenRate rate = tokens.rate();
        long next = told < 0 ? -told : rate.untilNextNanos(told);
        to.append('"').append(name).append("\";r=").append(told < 0 ? 0 : rate.left(told));
        if (next > 0) {
            to.append(";t=").append(seconds(next));
        }
    }

    /** Whole seconds, rounded up: who waits so long does not come too early. */
    static long seconds(long nanos) {
        return Math.max(1, (nanos + SECOND_NANOS - 1) / SECOND_NANOS);
    }
}
