package dev.banyan.control.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * For which replicas commits wait, and what the record may promise of that. Pure.
 *
 * <p>With R the record's promise and W the primary's setting, at every instant: R is empty, or W is a part of R that is not empty and every commit that
 * was acknowledged is on one of R. A crash of control between any two acts leaves it so. Hence the order: R grows before W does; W
 * shrinks, and R after it once one of the W has the log up to a position taken after the setting was in effect; commits stop to wait only after R
 * was emptied.
 */
final class SynchronousRemedies {
    private SynchronousRemedies() {}

    static Optional<Order> next(Situation now) {
        if (now.isBusy(Situation.COMMITS) || now.record().synchronous().stream().anyMatch(name -> unseen(name, now))) {
            return Optional.empty();
        }
        List<String> wanted = wanted(now);
        return wanted.isEmpty() ? none(now) : some(now, wanted);
    }

    /** Control has just begun: one of the promise may be well. */
    private static boolean unseen(String name, Situation now) {
        return now.sight(name).is(Sight.State.UNSEEN) && !now.isBusy(name) && now.now() - now.ledSince() < now.detection().toNanos();
    }

    private static List<String> wanted(Situation now) {
        List<String> good = now.record().replicas().stream()
                .filter(name -> !ReplicaRemedies.unfit(name, now))
                .filter(name -> now.streams(name) || now.record().synchronous().contains(name) && hasGrace(name, now))
                .toList();
        return now.rules().synchronous() && good.size() >= 2 ? good : List.of();
    }

    /** One of the promise that was just started is about to stream. */
    private static boolean hasGrace(String name, Situation now) {
        return !now.lost(name) && now.now() - now.sight(name).streamedAt() < now.detection().toNanos();
    }

    private static Optional<Order> none(Situation now) {
        if (!now.record().synchronous().isEmpty()) {
            return !primaryOutlived(now) ? Optional.empty() : Order.of(new Remedy.Write(now.record().promising(List.of())), "acknowledge commits without a replica", few(now), before(now));
        }
        return now.waiting().isFor(List.of()) ? Optional.empty() : Order.silently(new Remedy.Synchronize(now.primary(), List.of()));
    }

    /**
     * Whether it was seen to serve after the replicas were seen not to follow. They do not when the primary is gone either, and then the promise is what a failover
     * needs.
     */
    private static boolean primaryOutlived(Situation now) {
        return now.record().synchronous().stream().allMatch(name -> now.streams(name) || now.leader().answeredAt() > now.sight(name).failingSince());
    }

    private static String few(Situation now) {
        return now.rules().synchronous()
                ? "fewer than two replicas follow: should the last one be lost too, writes would stop; until there are two again, only "
                        + now.primary() + " surely has every commit"
                : "failover.synchronous is off";
    }

    private static Optional<Order> some(Situation now, List<String> wanted) {
        List<String> promised = now.record().synchronous();
        if (!promised.isEmpty() && !promised.containsAll(wanted)) {
            List<String> both = new ArrayList<>(promised);
            both.addAll(wanted);
            return Order.silently(new Remedy.Write(now.record().promising(both)));
        }
        if (!now.waiting().isFor(wanted)) {
            return Order.silently(new Remedy.Synchronize(now.primary(), wanted));
        }
        if (promised.equals(wanted) || now.waiting().mark().isEmpty()) {
            return Optional.empty();
        }
        long mark = now.waiting().mark().getAsLong();
        return wanted.stream().filter(name -> has(mark, name, now)).findFirst()
                .flatMap(name -> Order.of(new Remedy.Write(now.record().promising(wanted)), "acknowledge commits that one of " + String.join(", ", wanted) + " has",
                        "they follow, and " + name + " has every commit so far", before(now)));
    }

    private static boolean has(long mark, String name, Situation now) {
        return now.streams(name) && now.sight(name).answeredAt() >= now.waiting().since()
                && now.sight(name).answer().filter(answer -> answer.received() >= mark).isPresent();
    }

    private static String before(Situation now) {
        return now.record().synchronous().isEmpty() ? "commits waited for no replica" : "a commit was surely on one of " + String.join(", ", now.record().synchronous());
    }
}
