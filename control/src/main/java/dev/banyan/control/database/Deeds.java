package dev.banyan.control.database;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Does remedies through the ports, and says what is so afterwards. What takes long goes on beside, and is told when it is over. For one
 * thread at a time.
 */
final class Deeds {
    private final DatabasePorts ports;
    private final Clock clock;
    private final Consumer<UnaryOperator<Situation>> over;
    private final Consumer<String> progress;

    /**
     * @param over hears, on any thread, what changed when something that went on beside is over
     * @param progress hears how far a copy is
     */
    Deeds(DatabasePorts ports, Clock clock, Consumer<UnaryOperator<Situation>> over, Consumer<String> progress) {
        this.ports = ports;
        this.clock = clock;
        this.over = over;
        this.progress = progress;
    }

    /** @throws BanyanException when it could not be done; it may have been, in part */
    Situation perform(Remedy remedy, Situation was) throws InterruptedException {
        Situation done = switch (remedy) {
            case Remedy.Show(var servers) -> show(servers, was);
            case Remedy.Fence(var name) -> {
                ports.servers().fence(name);
                yield was.with(name, was.sight(name).fenced(clock.nanos()));
            }
            case Remedy.Ask(var names) -> look(names, was).asked();
            case Remedy.Write(var record) -> write(record, was);
            case Remedy.Promote(var name) -> {
                ports.servers().promote(name);
                yield was.with(name, was.sight(name).promoted(clock.nanos()));
            }
            case Remedy.Follow(var name, var primary) -> {
                ports.servers().follow(name, primary);
                yield was.with(name, was.sight(name).following(primary, clock.nanos()));
            }
            case Remedy.Synchronize(var primary, var standbys) -> synchronize(primary, standbys, was);
            case Remedy.Start(var name, var role) -> start(name, role, was);
            case Remedy.Clone(var name, var source) -> copy(name, source, was);
            case Remedy.GiveUp(var name) -> was.gaveUp(RecruitRemedies.FIRST_WAIT).wishing(was.wishes().settled(name));
            case Remedy.Delete(var name) -> delete(name, was);
        };
        return done.at(clock.nanos());
    }

    /** What is so when a remedy could not be done. */
    Situation failed(Remedy remedy, String why, Situation was) {
        Situation now = was.at(clock.nanos());
        return switch (remedy) {
            case Remedy.Promote(var name) -> now.with(name, now.sight(name).seen(new Look.Silent(why), now.now()));
            case Remedy.Synchronize _ -> now.waiting(Waiting.UNKNOWN);
            case Remedy.Follow(var name, _) -> now.with(name, now.sight(name).tried(now.now()));
            case Remedy.Show _, Remedy.Fence _, Remedy.Ask _, Remedy.Write _, Remedy.Start _, Remedy.Clone _, Remedy.GiveUp _,
                    Remedy.Delete _ -> now;
        };
    }

    /** Looks at servers, at all of them at the same time. */
    Situation look(Collection<String> names, Situation was) throws InterruptedException {
        long at = clock.nanos();
        Duration atMost = was.rules().interval();
        Map<String, CompletableFuture<Glimpse>> looks = new LinkedHashMap<>();
        names.stream().filter(name -> !was.isBusy(name)).forEach(name -> looks.put(name, CompletableFuture.supplyAsync(() -> look(name, atMost), ports.looks())));
        Situation next = was;
        for (var look : looks.entrySet()) {
            Glimpse glimpse = Interrupts.join(look.getValue());
            next = glimpse.look() instanceof Look.Silent silent && glimpse.overslept() ? next.with(look.getKey(), next.sight(look.getKey()).overslept(silent, at))
                    : next.seen(look.getKey(), glimpse.look(), at);
        }
        return next.at(clock.nanos());
    }

    private Glimpse look(String name, Duration atMost) {
        long from = clock.nanos();
        Look look = lookNow(name, atMost);
        return new Glimpse(look, clock.nanos() - from > 2 * atMost.toNanos());
    }

    private Look lookNow(String name, Duration atMost) {
        try {
            return ports.servers().look(name, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Look.Silent("the look was cut short");
        } catch (RuntimeException e) {
            return new Look.Silent(why(e));
        }
    }

    private Situation show(Shown servers, Situation was) {
        ports.door().use(new View(servers.epoch(), servers.primary().map(this::server), servers.replicas().stream().map(this::server).toList(), false));
        return was.at(clock.nanos()).showing(servers);
    }

    private View.Server server(String name) {
        return new View.Server(name, ports.servers().address(name));
    }

    private Situation write(ClusterRecord record, Situation was) {
        ports.store().write(record);
        return recorded(record, was.at(clock.nanos()));
    }

    /**
     * What the disk says, after a write that may or may not have been done.
     *
     * @throws BanyanException DISK: then nothing may be done until it can be read
     */
    Situation reread(Situation was) {
        return recorded(ports.store().read().orElse(was.record()), was.at(clock.nanos()));
    }

    private static Situation recorded(ClusterRecord record, Situation was) {
        Situation next = was.recorded(record);
        return was.recruit().map(Recruit::name).filter(record.members()::contains)
                .map(admitted -> next.recruited().wishing(was.wishes().settled(admitted))).orElse(next);
    }

    private Situation start(String name, Role role, Situation was) {
        beside(name, () -> ports.servers().start(name, role), now -> now.with(name, now.sight(name).started(now.now())));
        Situation next = was.busy(name, true).with(name, was.sight(name).starting(clock.nanos()));
        return was.recruit().filter(r -> r.name().equals(name))
                .map(recruit -> next.recruiting(Optional.of(recruit.at(Recruit.Progress.STARTED, clock.nanos()))))
                .orElse(role == Role.PRIMARY ? next.waiting(Waiting.UNKNOWN) : next);
    }

    /** The name is given away on disk first, so that no other server ever gets it. */
    private Situation copy(String name, String source, Situation was) {
        ClusterRecord named = was.record().naming(name);
        ports.store().write(named);
        beside(name, () -> ports.servers().cloneFrom(name, source, text -> progress.accept(name + ": " + text)),
                now -> now.recruiting(now.recruit().map(recruit -> recruit.at(Recruit.Progress.CLONED, now.now()))));
        return was.recorded(named).with(name, Sight.unseen(clock.nanos())).busy(name, true)
                .recruiting(Optional.of(new Recruit(name, source, Recruit.Progress.CLONING, clock.nanos())));
    }

    /** To begin to wait may take a checkpoint. */
    private Situation synchronize(String primary, List<String> standbys, Situation was) throws InterruptedException {
        if (standbys.isEmpty()) {
            ports.servers().synchronous(primary, standbys);
            return was.waiting(Waiting.told(standbys, clock.nanos()));
        }
        long epoch = was.record().epoch();
        beside(Situation.COMMITS, () -> ports.servers().synchronous(primary, standbys),
                now -> now.record().epoch() == epoch && now.waiting().equals(Waiting.UNKNOWN) ? now.waiting(Waiting.told(standbys, now.now())) : now);
        return was.busy(Situation.COMMITS, true).waiting(Waiting.UNKNOWN);
    }

    private Situation delete(String name, Situation was) {
        beside(name, () -> {
            ports.servers().fence(name);
            ports.servers().delete(name);
        }, now -> now.without(name).wishing(now.wishes().settled(name)));
        return was.busy(name, true).with(name, was.sight(name).tried(clock.nanos()));
    }

    private void beside(String name, Task task, UnaryOperator<Situation> done) {
        ports.errands().execute(() -> {
            Optional<String> failure = run(task);
            over.accept(was -> failure.map(why -> failed(name, why, was)).orElseGet(() -> done.apply(was)).busy(name, false));
        });
    }

    private static Situation failed(String name, String why, Situation was) {
        return name.equals(Situation.COMMITS) ? was : was.with(name, was.sight(name).ended(why, was.now()));
    }

    private static Optional<String> run(Task task) {
        try {
            task.run();
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was cut short");
        } catch (RuntimeException e) {
            return Optional.of(why(e));
        }
    }

    static String why(RuntimeException e) {
        return e instanceof BanyanException ? e.getMessage() : "a bug in Banyan: " + e;
    }

    /** @param overslept whether it took more than twice the time it may */
    private record Glimpse(Look look, boolean overslept) {}

    private interface Task {
        void run() throws InterruptedException;
    }
}
