package dev.banyan.control.database;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is to be done next about the database's servers, one act at a time; nothing when all is well or only time can help. Pure.
 *
 * <p>The primary first: while it does not serve, nothing else is touched. Then what its commits wait for: the router begins to use it when that is
 * known. Then the replicas.
 */
final class Remedies {
    private Remedies() {}

    static Optional<Order> next(Situation now) {
        if (!now.primaryServes()) {
            return PrimaryRemedies.next(now);
        }
        return Stream.<Function<Situation, Optional<Order>>>of(
                        SynchronousRemedies::next, Remedies::show, ReplicaRemedies::next, RecruitRemedies::next)
                .flatMap(room -> room.apply(now).stream())
                .findFirst();
    }

    /** The router uses the record's primary, and the replicas that stream from it. */
    private static Optional<Order> show(Situation now) {
        Shown wanted = new Shown(now.record().epoch(), Optional.of(now.primary()),
                now.streaming().stream().filter(name -> !ReplicaRemedies.unfit(name, now)).toList());
        boolean mayBegin = now.shown().primary().isPresent() || now.waiting().standbys().isPresent();
        if (wanted.equals(now.shown()) || !mayBegin) {
            return Optional.empty();
        }
        return Order.of(new Remedy.Show(wanted), "use " + wanted, why(wanted, now), "the router used " + now.shown() + "; epoch " + now.record().epoch());
    }

    private static String why(Shown wanted, Situation now) {
        if (!wanted.primary().equals(now.shown().primary())) {
            return now.primary() + " takes writes";
        }
        return now.shown().replicas().stream().filter(name -> !wanted.replicas().contains(name)).findFirst()
                .map(gone -> gone + ": " + ReplicaRemedies.whyNoReads(gone, now))
                .orElse("each of them follows " + now.primary());
    }
}
