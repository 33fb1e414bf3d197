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
    private final Replica replica;
    private final Clock clock;
    private Optional<Boolean> told = Optional.empty();

    ReplicaHealth(Replica replica, Clock clock) {
        this.replica = replica;
        this.clock = clock;
    }

    /**
     * Why no read may go there, whatever it asks for; empty when reads may. One that was too far behind must catch up to half of what is
     * allowed, lest it comes and goes with each sample.
     */
    static Optional<String> unfit(Sample sample, long lagNanos, Reads reads, boolean wasFit) {
        if (!sample.inRecovery()) {
            return Optional.of("it takes writes itself, so it is no replica");
        }
        long allowed = reads.staleness().toNanos();
        if (reads.consistency() == Consistency.BOUNDED_STALENESS && lagNanos > (wasFit ? allowed : allowed / 2)) {
            return Optional.of("it is " + Duration.ofNanos(lagNanos).toMillis() + " ms behind, " + Durations.format(reads.staleness()) + " is allowed");
        }
        return Optional.empty();
    }

    /** What to tell, when it is another than was told last. */
    Optional<Decision> is(Optional<String> unfit, Roster roster, Sample primary) {
        boolean fit = unfit.isEmpty();
        if (told.filter(before -> before == fit).isPresent()) {
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
