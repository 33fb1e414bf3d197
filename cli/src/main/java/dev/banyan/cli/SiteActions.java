package dev.banyan.cli;

import dev.banyan.console.Actions;
import dev.banyan.console.Edges;
import dev.banyan.console.Faults;
import dev.banyan.console.Move;
import dev.banyan.console.Plan;
import dev.banyan.console.Trickle;
import dev.banyan.control.MoveEvent;
import dev.banyan.control.Observed;
import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.control.Site;
import dev.banyan.control.database.ClusterRecord;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the console and the other verbs ask of the running site. Safe for any thread. */
final class SiteActions implements Actions {
    private final Site site;
    private final Supplier<Topology> file;
    private final MoveEvent.Listener watcher;
    private final Edges edges;
    private final Faults faults;
    private final SiteTrickle trickle;
    private final Function<String, OptionalLong> memory;

    /**
     * @param file reads the site file anew; throws BAD_SITE_FILE with all that is wrong
     * @param watcher hears of every move made here
     * @param memory of a server by its name, bytes; empty when it cannot be told
     */
    SiteActions(Site site, Supplier<Topology> file, MoveEvent.Listener watcher, Edges edges, Faults faults, SiteTrickle trickle, Function<String, OptionalLong> memory) {
        this.site = site;
        this.file = file;
        this.watcher = watcher;
        this.edges = edges;
        this.faults = faults;
        this.trickle = trickle;
        this.memory = memory;
    }

    @Override
    public Edges edges() {
        return edges;
    }

    @Override
    public void send(Trickle some, String who) {
        trickle.begin(some, who);
    }

    @Override
    public Faults faults() {
        return faults;
    }

    @Override
    public Plan plan(Move move) {
        dev.banyan.control.Plan plan = site.plan(request(move));
        Observed now = site.observed();
        return MoveProgress.of(plan, MoveCost.of(plan, now.instances().stream().map(instance -> instance.name().toString()).toList(),
                now.database().record().map(ClusterRecord::primary).stream().toList(), memory));
    }

    @Override
    public void make(Move move, Consumer<Plan> progress) {
        MoveProgress following = new MoveProgress(progress);
        MoveEvent.Listener both = event -> {
            following.heard(event);
            watcher.heard(event);
        };
        Outcome outcome = site.begin(request(move), both).outcome().join();
        switch (outcome) {
            case Outcome.Done _ -> { /* told step by step */ }
            case Outcome.Undone undone -> throw new BanyanException(ErrorCode.APPLICATION_FAILED, undone.sentence());
            case Outcome.Stopped stopped -> throw new BanyanException(ErrorCode.SITE_IS_DOWN, stopped.sentence());
        }
    }

    private Request request(Move move) {
        return switch (move) {
            case Move.Grow(int stage) -> new Request.To(stage(stage));
            case Move.Apply() -> new Request.Apply(file.get());
            case Move.Deploy(var service) -> new Request.Deploy(service.orElse(Topology.APPLICATION));
            case Move.Switchover(var to) -> new Request.SwitchOver(to);
            case Move.Drain(String server) -> new Request.SetAside(server);
            case Move.Undrain(String server) -> new Request.PutBack(server);
        };
    }

    private static Stage stage(int number) {
        try {
            return Stage.of(number);
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, e.getMessage(), e);
        }
    }
}
