package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.topology.DatabaseRouter.Consistency;
import dev.banyan.topology.DatabaseRouter.Reads;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Durations;
import java.time.Duration;
import java.util.Optional;

/** Whether one replica gets reads, and the sentence about each change of that. Owned by one loop. */
final class ReplicaHealth {
    /** That a new replica gets no reads yet is news only when it takes that long. */
    private static final long JOINING_NANOS = 2_000_000_000;

    private final Replica replica;
    private final Clock clock;
    private Optional<Boolean> told = Optional.empty();
    private long joinedAt = Lsn.NONE;
    private boolean joined;

    ReplicaHealth(Replica replica, Clock clock) {
        this.replica = replica;
        this.clock = clock;
    }

    /**
     * Why no read may go there, whatever it asks for; empty when reads may. One that was too far behind must catch up to half of what is
     * allowed, lest it comes and goes with each sample.
     */
    Optional<String> unfit(Sample sample, long lagNanos, Reads reads, Sample primary) {
        if (!sample.inRecovery()) {
            return Optional.of("it takes writes itself, so it is no replica");
        }
        Optional<String> joining = joining(sample, primary);
        if (joining.isPresent()) {
            return joining;
        }
        boolean wasFit = replica.standing().fit();
        long allowed = reads.staleness().toNanos();
        if (reads.consistency() == Consistency.BOUNDED_STALENESS && lagNanos > (wasFit ? allowed : allowed / 2)) {
            return Optional.of("it is " + Duration.ofNanos(lagNanos).toMillis() + " ms behind, " + Durations.format(reads.staleness()) + " is allowed");
        }
        return Optional.empty();
    }

    /**
     * A new replica gets no reads before it has all that was committed when it joined: while there was none, sessions' positions were not
     * asked for.
     */
    private Optional<String> joining(Sample sample, Sample primary) {
        if (joined) {
            return Optional.empty();
        }
        if (primary == null || !primary.sentAtOrAfter(replica.joinedNanos())) {
            return Optional.of("it is new, and the primary has not said yet how far it is");
        }
        joinedAt = joinedAt == Lsn.NONE ? primary.position() : joinedAt;
        joined = sample.position() >= joinedAt;
        return joined ? Optional.empty() : Optional.of("it is new and lacks " + (joinedAt - sample.position()) + " bytes of what there was when it joined");
    }

    /** What to tell, when it is another than was told last. */
    Optional<Decision> is(Optional<String> unfit, Roster roster, Sample primary) {
        boolean fit = unfit.isEmpty();
        if (told.filter(before -> before == fit).isPresent()) {
            return Optional.empty();
        }
        if (told.isEmpty() && !fit && clock.nanos() - replica.joinedNanos() < JOINING_NANOS) {
            return Optional.empty();
        }
        told = Optional.of(fit);
        String name = replica.member().name();
        String what = fit ? "send reads to " + name : "send no reads to " + name;
        return Optional.of(new Decision(what, unfit.orElse("it follows and answers"), seen(roster, primary), clock.now()));
    }

    private String seen(Roster roster, Sample primary) {
        int fit = roster.fit();
        String others = fit + " of " + roster.size() + (roster.size() == 1 ? " replica gets" : " replicas get") + " reads"
                + (fit == 0 ? ", which all go to the primary" : "");
        Sample sample = replica.standing().sample();
        if (sample == null) {
            return others;
        }
        String behind = primary == null ? "" : ", " + Math.max(0, primary.position() - sample.position()) + " bytes behind";
        return others + "; " + replica.member().name() + " has replayed " + Lsn.format(sample.position()) + behind;
    }
}
