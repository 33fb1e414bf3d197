package dev.banyan.control.database;

import dev.banyan.control.database.Sight.State;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to do while the record's primary does not take writes. Pure.
 *
 * <p>A server becomes the primary only when it surely has every commit that was acknowledged: the old primary itself, whose disk has them
 * all; or, when the record promises that each is on one of the {@code synchronous}, the one with the longest log of those, once all
 * of them have been asked after the old one was fenced (with ANY 1, a commit may be on any single one of them). The record names it before it
 * is promoted.
 */
final class PrimaryRemedies {
    /**
     * A primary that is silent is not ended before that while nobody can replace it: to recover costs more than to wait, and where the replicas are silent too, it is
     * the machine that has too much to do.
     */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private PrimaryRemedies() {}

    static Optional<Order> next(Situation now) {
        Sight leader = now.leader();
        if (now.isBusy(now.primary())) {
            return Optional.empty();
        }
        if (!now.lost(now.primary())) {
            return leader.answer().isPresent() && leader.is(State.ANSWERING) ? promote(now) : Optional.empty();
        }
        if (leader.is(State.SILENT) && now.now() - leader.failingSince() < PATIENCE.toNanos() && !successorsAnswer(now)) {
            return startSuccessors(now);
        }
        if (now.shown().primary().isPresent()) {
            return Order.of(new Remedy.Show(now.shown().withoutPrimary()), "hold the statements for the primary", now.primary() + ": " + leader.trouble(),
                    seen(now));
        }
        if (!leader.is(State.FENCED)) {
            return Order.of(new Remedy.Fence(now.primary()), "fence " + now.primary(), leader.trouble(), seen(now));
        }
        return replaceable(now) ? replace(now) : restart(now, reason(now));
    }

    /** It answers as a standby: it was recorded as the primary and is not yet promoted. */
    private static Optional<Order> promote(Situation now) {
        if (now.shown().primary().isPresent()) {
            return Order.silently(new Remedy.Show(now.shown().withoutPrimary()));
        }
        return Order.of(new Remedy.Promote(now.primary()), "promote " + now.primary(), "the record of epoch " + now.record().epoch() + " names it as the primary",
                "its log ends at " + position(now.leader()));
    }

    private static boolean successorsAnswer(Situation now) {
        return replaceable(now) && now.record().synchronous().stream().allMatch(name -> now.sight(name).is(State.ANSWERING));
    }

    private static Optional<Order> startSuccessors(Situation now) {
        return !replaceable(now) ? Optional.empty() : now.record().synchronous().stream()
                .filter(name -> now.sight(name).down() && now.due(name)).findFirst()
                .flatMap(name -> Order.of(new Remedy.Start(name, Role.STANDBY), "start " + name + " again", now.sight(name).trouble(), now.primary() + " does not answer either"));
    }

    private static boolean replaceable(Situation now) {
        return now.rules().promote() && !now.record().synchronous().isEmpty();
    }

    private static Optional<Order> replace(Situation now) {
        long fenced = now.leader().fencedAt();
        if (now.askedAt() < fenced) {
            return Order.silently(new Remedy.Ask(now.record().replicas()));
        }
        List<String> unheard = now.record().synchronous().stream().filter(name -> !heard(name, now, fenced)).toList();
        return unheard.isEmpty() ? choose(now, fenced) : wake(now, unheard).or(() -> patience(now, unheard, fenced));
    }

    private static boolean heard(String name, Situation now, long since) {
        Sight sight = now.sight(name);
        return sight.is(State.ANSWERING) && sight.answeredAt() >= since && sight.answer().filter(a -> a.inRecovery() && a.settled()).isPresent();
    }

    private static Optional<Order> choose(Situation now, long fenced) {
        List<String> candidates = now.record().replicas().stream()
                .filter(name -> heard(name, now, fenced))
                .filter(name -> now.record().synchronous().contains(name) || follows(name, now))
                .sorted(Comparator.comparingLong((String name) -> received(now.sight(name))).thenComparingLong(name -> replayed(now.sight(name))).reversed()
                        .thenComparingInt(ServerName::number))
                .toList();
        String best = candidates.getFirst();
        String positions = candidates.stream().map(name -> name + " has received " + position(now.sight(name))).collect(Collectors.joining(", "));
        return Order.of(new Remedy.Write(now.record().ledBy(best, false)), "fail over from " + now.primary() + " to " + best,
                now.primary() + ": " + now.leader().why() + "; of all replicas that a commit may be on, " + best + " has the longest log", positions);
    }

    private static boolean follows(String name, Situation now) {
        return now.sight(name).answer().filter(a -> a.source().equals(Optional.of(now.primary()))).isPresent();
    }

    /** A replica that must be asked and does not run, or hangs. */
    private static Optional<Order> wake(Situation now, List<String> unheard) {
        return unheard.stream().filter(now::due).flatMap(name -> {
            Sight sight = now.sight(name);
            if (sight.down()) {
                return Order.of(new Remedy.Start(name, Role.STANDBY), "start " + name, "a commit may be on it alone: no replica is promoted before it has been asked",
                        sight.trouble()).stream();
            }
            return !sight.lost(now.rules().fall()) ? Stream.empty() : Order.of(new Remedy.Fence(name), "fence " + name, sight.trouble(), "it is started again then").stream();
        }).findFirst();
    }

    /** The old primary has every commit too. */
    private static Optional<Order> patience(Situation now, List<String> unheard, long fenced) {
        return now.now() - fenced < now.detection().toNanos() ? Optional.empty()
                : restart(now, "no replica can be promoted safely before " + String.join(", ", unheard)
                        + " has said what it has received; " + now.primary() + " has every commit");
    }

    private static Optional<Order> restart(Situation now, String why) {
        return !now.due(now.primary()) ? Optional.empty()
                : Order.of(new Remedy.Start(now.primary(), Role.PRIMARY), "start " + now.primary() + " again", why, seen(now));
    }

    private static String reason(Situation now) {
        if (now.record().replicas().isEmpty()) {
            return "it is the only server";
        }
        return now.rules().promote() ? "no commit waited for a replica, so that only " + now.primary() + " has all of them" : "failover.promote is off";
    }

    private static String seen(Situation now) {
        return "epoch " + now.record().epoch() + "; " + (now.record().replicas().isEmpty() ? "no replica"
                : "replicas " + String.join(", ", now.record().replicas()) + "; a commit is surely on "
                        + (now.record().synchronous().isEmpty() ? "none of them" : "one of " + String.join(", ", now.record().synchronous())));
    }

    private static long received(Sight sight) {
        return sight.answer().map(Look.Answered::received).orElse(0L);
    }

    private static long replayed(Sight sight) {
        return sight.answer().map(Look.Answered::replayed).orElse(0L);
    }

    /** As PostgreSQL writes it. */
    private static String position(Sight sight) {
        return "%X/%X".formatted(received(sight) >>> 32, received(sight) & 0xFFFF_FFFFL);
    }
}
