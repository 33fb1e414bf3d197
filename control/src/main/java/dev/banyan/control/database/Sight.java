package dev.banyan.control.database;

import java.time.Duration;
import java.util.Optional;

/**
 * What control has seen of one server so far. Times are the clock's nanoseconds.
 *
 * @param answer the last one, however old
 * @param answeredAt when that look began
 * @param failures looks in a row without an answer
 * @param failingSince when the first look in a row began that did not show a primary or a standby that streams
 * @param why what the last of them said
 * @param fencedAt when it was last fenced
 * @param streamedAt when it was last seen to stream, or could begin to
 * @param tries in a row to start it, or to delete it, that did not lead to a good server
 * @param retryAt when the next may be made
 */
record Sight(
        State state, Optional<Look.Answered> answer, long answeredAt, int failures, long failingSince, String why, long fencedAt, long streamedAt,
        int tries, long retryAt) {
    private static final long FIRST_WAIT = Duration.ofMillis(250).toNanos();
    private static final int DOUBLINGS = 7;

    /** How the last look found it, or what was done to it since. */
    enum State {
        /** Not looked at since it was started, or since control began. */
        UNSEEN,
        ANSWERING,
        SILENT,
        /** Its process does not run. */
        ENDED,
        /** Its process does not run because control ended it. */
        FENCED
    }

    static Sight unseen(long now) {
        return new Sight(State.UNSEEN, Optional.empty(), Long.MIN_VALUE, 0, now, "", Long.MIN_VALUE, now, 0, now);
    }

    /** A look that took longer than it may says nothing of the server: this machine had too much else to do. For a while. */
    Sight overslept(Look.Silent silent, long at) {
        Sight counted = seen(silent, at);
        return at - counted.failingSince >= PrimaryRemedies.PATIENCE.toNanos() || state == State.FENCED || state == State.ENDED ? counted
                : new Sight(State.SILENT, answer, answeredAt, failures, counted.failingSince, counted.why, fencedAt, streamedAt, tries, retryAt);
    }

    /** After a look that began at that time. A server that control has fenced stays fenced until it is started. */
    Sight seen(Look look, long at) {
        if (state == State.FENCED) {
            return this;
        }
        return switch (look) {
            case Look.Answered now -> answered(now, at);
            case Look.Silent silent -> new Sight(state == State.ENDED ? State.ENDED : State.SILENT, answer, answeredAt, failures + 1,
                    wasGood() ? at : failingSince, silent.why(), fencedAt, streamedAt, tries, retryAt);
            case Look.Ended ended -> ended(ended.how(), at);
        };
    }

    private Sight answered(Look.Answered now, long at) {
        boolean good = isGood(now);
        return new Sight(State.ANSWERING, Optional.of(now), at, 0, good || wasGood() ? at : failingSince, "", fencedAt, good ? at : streamedAt, good ? 0 : tries, good ? at : retryAt);
    }

    private boolean wasGood() {
        return state == State.ANSWERING && answer.filter(Sight::isGood).isPresent();
    }

    private static boolean isGood(Look.Answered answer) {
        return answer.streaming() || !answer.inRecovery();
    }

    Sight ended(String how, long at) {
        return state == State.FENCED ? this
                : new Sight(State.ENDED, answer, answeredAt, failures + 1, wasGood() ? at : failingSince, how, fencedAt, streamedAt, tries, retryAt);
    }

    Sight fenced(long at) {
        return stopped(why.isEmpty() ? "it was ended" : why, at);
    }

    /** Control ended it, for that reason. */
    Sight stopped(String reason, long at) {
        return new Sight(State.FENCED, answer, answeredAt, failures, failingSince, reason, at, streamedAt, tries, retryAt);
    }

    /** A start of it was begun: whether that succeeds or fails, it may run from now on. */
    Sight starting(long at) {
        Sight next = tried(at);
        return new Sight(State.ENDED, answer, answeredAt, next.failures, next.failingSince, next.why, fencedAt, streamedAt, next.tries, next.retryAt);
    }

    /** Something that takes a while was begun with it. */
    Sight tried(long at) {
        return new Sight(state, answer, answeredAt, failures, failingSince, why, fencedAt, streamedAt, tries + 1,
                at + (FIRST_WAIT << Math.min(tries, DOUBLINGS)));
    }

    Sight started(long at) {
        return new Sight(State.UNSEEN, Optional.empty(), Long.MIN_VALUE, 0, at, "", fencedAt, at, tries, retryAt);
    }

    /** It takes writes now. */
    Sight promoted(long at) {
        return answer.map(was -> answered(new Look.Answered(false, was.timeline() + 1, was.received(), was.received(), Optional.empty(), false, true,
                java.util.Set.of(), Optional.empty()), at)).orElse(this);
    }

    /** It was told whom to follow, and is a standby if it was none: from now on it has time to begin. */
    Sight following(String primary, long at) {
        return new Sight(state, answer.map(was -> new Look.Answered(true, was.timeline(), was.received(), was.replayed(), Optional.of(primary),
                false, was.settled(), was.standbys(), was.stranded())), answeredAt, failures, failingSince, why, fencedAt, at, tries, retryAt);
    }

    /** Its primary serves only from now on: what it has to do, it has time for from now on. */
    Sight patient(long at) {
        return new Sight(state, answer, answeredAt, failures, failingSince, why, fencedAt, at, tries, retryAt);
    }

    boolean is(State other) {
        return state == other;
    }

    boolean down() {
        return state == State.ENDED || state == State.FENCED;
    }

    /** Whether it counts as lost: it does not run, or as many looks in a row failed. */
    boolean lost(int fall) {
        return down() || failures >= fall;
    }

    /** Whether its last answer is a standby's that streams from that server, asked at that time or later. */
    boolean streamsFrom(String primary, long since) {
        return answeredAt >= since && answer.filter(a -> a.inRecovery() && a.streaming() && a.source().equals(Optional.of(primary))).isPresent();
    }

    /** {@code 3 looks in a row failed, the last with: no answer within 250 ms}. */
    String trouble() {
        return down() || failures == 0 ? why : failures + (failures == 1 ? " look" : " looks in a row") + " failed, the last with: " + why;
    }
}
