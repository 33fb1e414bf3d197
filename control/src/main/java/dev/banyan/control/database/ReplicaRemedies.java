package dev.banyan.control.database;

import dev.banyan.control.database.Sight.State;
import java.time.Duration;
import java.util.Optional;

/** What to do about replicas that do not follow, while the primary serves. Pure. */
final class ReplicaRemedies {
    /** A replica that runs and does not stream for that long is made anew. */
    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Starts in a row that may fail before it is made anew. */
    static final int STARTS = 5;

    private ReplicaRemedies() {}

    static Optional<Order> next(Situation now) {
        return now.record().replicas().stream().filter(name -> !now.isBusy(name)).flatMap(name -> one(name, now).stream()).findFirst();
    }

    /** Whether it can no longer be a replica with the data it has, or shall not be one. */
    static boolean unfit(String name, Situation now) {
        return now.wishes().going().contains(name) || spoilt(name, now).isPresent();
    }

    /** Why its data are no good. */
    private static Optional<String> spoilt(String name, Situation now) {
        Sight sight = now.sight(name);
        Optional<Look.Answered> answer = sight.answer().filter(_ -> sight.answeredAt() >= now.ledSince());
        if (answer.filter(a -> !a.inRecovery()).isPresent() && !sight.down()) {
            return Optional.of("it takes writes, though " + now.primary() + " is the primary");
        }
        if (answer.flatMap(Look.Answered::stranded).isPresent()) {
            return answer.flatMap(Look.Answered::stranded);
        }
        if (sight.tries() >= STARTS && sight.down()) {
            return Optional.of("it was started " + sight.tries() + " times and did not come to follow: " + sight.why());
        }
        boolean late = sight.is(State.ANSWERING) && now.now() - Math.max(sight.streamedAt(), now.ledSince()) >= PATIENCE.toNanos();
        return late ? Optional.of("it has not followed " + now.primary() + " for " + PATIENCE.toSeconds() + " s") : Optional.empty();
    }

    static String whyNoReads(String name, Situation now) {
        if (now.wishes().going().contains(name)) {
            return "it is to go";
        }
        return spoilt(name, now).orElse(now.lost(name) ? now.sight(name).trouble() : "it does not follow " + now.primary() + " now");
    }

    private static Optional<Order> one(String name, Situation now) {
        Sight sight = now.sight(name);
        Optional<String> spoilt = spoilt(name, now);
        if (spoilt.isPresent() && sight.answer().filter(a -> !a.inRecovery()).isPresent() && !sight.down()) {
            return Order.of(new Remedy.Fence(name), "fence " + name, spoilt.get(), "epoch " + now.record().epoch());
        }
        if (unfit(name, now)) {
            return letGo(name, spoilt.orElse("it was asked to go"), now);
        }
        if (sight.down() && sight.answer().filter(a -> !a.inRecovery()).isPresent()) {
            return !now.due(name) ? Optional.empty() : follow(name, now);
        }
        if (sight.down()) {
            return !now.due(name) ? Optional.empty() : Order.of(new Remedy.Start(name, Role.STANDBY), "start " + name + " again", sight.trouble(), others(now));
        }
        if (now.lost(name)) {
            return Order.of(new Remedy.Fence(name), "end " + name, sight.trouble(), others(now));
        }
        return sight.is(State.ANSWERING) ? follow(name, now) : Optional.empty();
    }

    /** Only when no commit may be on it alone. Its data are deleted once it is no member. */
    private static Optional<Order> letGo(String name, String why, Situation now) {
        return now.record().synchronous().contains(name) ? Optional.empty()
                : Order.of(new Remedy.Write(now.record().without(name)), "let " + name + " go", why, others(now));
    }

    static Optional<Order> follow(String name, Situation now) {
        boolean does = now.sight(name).answer().filter(a -> a.source().equals(Optional.of(now.primary()))).isPresent();
        return does ? Optional.empty()
                : Order.of(new Remedy.Follow(name, now.primary()), "let " + name + " follow " + now.primary(), "it is a replica of epoch " + now.record().epoch(),
                        "it followed " + now.sight(name).answer().flatMap(Look.Answered::source).orElse("none that is known"));
    }

    private static String others(Situation now) {
        int follow = now.streaming().size();
        return follow + " of " + now.record().replicas().size() + " replicas follow " + now.primary();
    }
}
