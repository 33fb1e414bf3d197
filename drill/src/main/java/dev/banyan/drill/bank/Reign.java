package dev.banyan.drill.bank;

import java.time.Instant;

/**
 * A time during which a server certainly was a primary: it said so at the beginning and at the end, and had not been started anew in between.
 *
 * @param started when its postmaster was
 * @param fromNanos when its first answer had come
 * @param untilNanos when the last question that it answered so was asked
 */
record Reign(String server, Instant started, long fromNanos, long untilNanos) {
    boolean overlaps(Reign other) {
        return !server.equals(other.server) && Math.max(fromNanos, other.fromNanos) - Math.min(untilNanos, other.untilNanos) < 0;
    }

    Reign longer(long nanos) {
        return new Reign(server, started, fromNanos, nanos);
    }
}
