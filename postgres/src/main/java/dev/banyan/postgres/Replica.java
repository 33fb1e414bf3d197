package dev.banyan.postgres;

import dev.banyan.balance.Outcome;
import dev.banyan.balance.Server;

/**
 * A replica that reads may go to, how far it is, and who is there now. Shared by all loops: what is known of it is published by its watch and
 * read by whoever chooses. {@link Members#choose} takes a place at it, {@link #finish} gives it back, once.
 */
final class Replica {
    private final Member member;
    private final Server server;
    private final long joinedNanos;
    private volatile Standing standing = Standing.UNKNOWN;

    Replica(Member member, Server server, long joinedNanos) {
        this.joinedNanos = joinedNanos;
        this.member = member;
        this.server = server;
    }

    /**
     * What is known of it. Immutable.
     *
     * @param sample the last one; null before the first
     * @param sinceNanos the server has run without a break since this moment, so that its position has only grown; a replica that starts again
     *     replays what it had replayed before, and for a while has less
     * @param fit it may be chosen by whoever needs no more than it has
     * @param throughNanos it has everything that was committed before this moment
     * @param lagNanos how long there has been something that it has not, at least; 0 when it has all that is known
     */
    record Standing(Sample sample, long sinceNanos, boolean fit, long throughNanos, long lagNanos) {
        static final Standing UNKNOWN = new Standing(null, 0, false, 0, Long.MAX_VALUE);

        Standing unfit() {
            return new Standing(sample, sinceNanos, false, throughNanos, lagNanos);
        }
    }

    Member member() {
        return member;
    }

    /** The first byte of an answer came {@code ttfbNanos} after its statement was sent: what least-response-time goes by. */
    void answered(long ttfbNanos, long nowNanos) {
        server.answered(ttfbNanos, nowNanos);
    }

    /** Gives the place back that {@link Members#choose} took. An error that the server answered with is an answer: {@link Outcome#OK}. */
    void finish(Outcome outcome, long nowNanos) {
        server.finish(outcome, nowNanos);
    }

    Server server() {
        return server;
    }

    /** Since when it has been among the replicas. */
    long joinedNanos() {
        return joinedNanos;
    }

    Standing standing() {
        return standing;
    }

    void stand(Standing now) {
        standing = now;
    }

    @Override
    public String toString() {
        return member.name() + " (" + member.address() + ")";
    }
}
