package dev.banyan.control.database;

import dev.banyan.control.database.Recruit.Progress;
import dev.banyan.control.database.Sight.State;
import java.time.Duration;
import java.util.Optional;

/** Makes replicas that are missing, one at a time, and deletes what is left of servers that are none any more. Pure. */
final class RecruitRemedies {
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private RecruitRemedies() {}

    static Optional<Order> next(Situation now) {
        return now.recruit().map(recruit -> goOn(recruit, now)).orElseGet(() -> begin(now)).or(() -> sweep(now));
    }

    private static Optional<Order> begin(Situation now) {
        Optional<String> asked = now.wishes().coming().stream().filter(name -> !now.record().members().contains(name)).sorted().findFirst();
        boolean missing = now.wishes().mending() && now.record().replicas().size() < now.wishes().replicas();
        if (asked.isEmpty() && !missing || now.now() < now.recruitAt()) {
            return Optional.empty();
        }
        return make(asked.orElse(now.record().nextName()), asked.isPresent(), now);
    }

    private static Optional<Order> make(String name, boolean asked, Situation now) {
        String why = asked ? "it was asked for" : now.record().replicas().size() + " of " + now.wishes().replicas() + " replicas are there";
        return Order.of(new Remedy.Clone(name, now.primary()), "make " + name + " as a copy of " + now.primary(), why, "epoch " + now.record().epoch());
    }

    private static Optional<Order> goOn(Recruit recruit, Situation now) {
        String name = recruit.name();
        if (now.isBusy(name)) {
            return Optional.empty();
        }
        Sight sight = now.sight(name);
        return switch (recruit.progress()) {
            case CLONING -> giveUp(recruit, "the copy was not made: " + sight.why());
            case CLONED -> Order.silently(new Remedy.Start(name, Role.STANDBY));
            case STARTED -> admit(recruit, sight, now);
        };
    }

    private static Optional<Order> admit(Recruit recruit, Sight sight, Situation now) {
        String name = recruit.name();
        if (now.streams(name)) {
            return Order.of(new Remedy.Write(now.record().with(name)), "take " + name + " in as a replica", "it follows " + now.primary(),
                    "made from " + recruit.source());
        }
        Optional<String> stranded = sight.answer().flatMap(Look.Answered::stranded);
        if (stranded.isPresent() || now.lost(name) || now.now() - recruit.since() > ReplicaRemedies.PATIENCE.toNanos()) {
            return giveUp(recruit, stranded.orElse(now.lost(name) ? sight.trouble() : "it does not follow " + now.primary()));
        }
        return sight.is(State.ANSWERING) ? ReplicaRemedies.follow(name, now) : Optional.empty();
    }

    private static Optional<Order> giveUp(Recruit recruit, String why) {
        return Order.of(new Remedy.GiveUp(recruit.name()), "give " + recruit.name() + " up", why, "made from " + recruit.source() + "; its data are deleted");
    }

    private static Optional<Order> sweep(Situation now) {
        return now.sights().keySet().stream().sorted()
                .filter(name -> !now.record().members().contains(name) && now.recruit().filter(r -> r.name().equals(name)).isEmpty())
                .filter(now::due).findFirst()
                .flatMap(name -> Order.of(new Remedy.Delete(name), "delete " + name, "it is no member any more", "members: " + String.join(", ", now.record().members())));
    }
}
