package dev.banyan.cli;

import dev.banyan.console.Site.Burn;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.slo.BurnRule;
import dev.banyan.telemetry.slo.Objective;
import dev.banyan.telemetry.slo.Promises;
import dev.banyan.telemetry.slo.Standing;
import dev.banyan.telemetry.slo.Tally;
import dev.banyan.topology.Durations;
import dev.banyan.topology.Slo;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Holds what users are answered, at the front door and at every edge, against what the site file promises them. Counted by one thread at a time; read by any. */
final class SitePromises implements AutoCloseable {
    /** A file of .banyan; its minutes are the site's past. */
    private static final String FILE = "slo.minutes";
    /** As often as users are counted: what a killed Banyan loses at most. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Promises promises;
    private final Supplier<Slo> wanted;
    private final SiteEdges edges;
    private final RemoteEdges remote;
    private final AnswersGiven door;
    private final Map<RunningEdge, AnswersGiven> atEdges = new HashMap<>();

    private SitePromises(Promises promises, Supplier<Slo> wanted, Registry door, SiteEdges edges, RemoteEdges remote) {
        this.promises = promises;
        this.wanted = wanted;
        this.edges = edges;
        this.remote = remote;
        this.door = new AnswersGiven(door, true);
        promises.use(Objective.of(wanted.get()));
    }

    /**
     * Counts from now on.
     *
     * @param wanted what is promised now
     */
    static SitePromises open(Supplier<Slo> wanted, Ground ground, SiteEdges edges, RemoteEdges remote) {
        Promises promises = new Promises(ground.folder().path().resolve(FILE), ground.clock(), ground.registry(), ground.decisions()::announce, sentence -> ground.log().warn("slo", sentence));
        SitePromises kept = new SitePromises(promises, wanted, ground.registry(), edges, remote);
        ground.every(EVERY, EVERY, kept::count);
        return kept;
    }

    /** Counts what was answered since the last time. */
    synchronized void count() {
        promises.use(Objective.of(wanted.get()));
        long bound = promises.boundNanos();
        Tally since = door.since(bound).plus(remote.takeGiven());
        List<RunningEdge> answering = edges.answering();
        answering.forEach(edge -> atEdges.computeIfAbsent(edge, RunningEdge::answersGiven));
        for (AnswersGiven edge : atEdges.values()) {
            since = since.plus(edge.since(bound));
        }
        atEdges.keySet().retainAll(answering); // who is gone was asked once more
        promises.count(since);
    }

    /** As the console shows them. */
    List<dev.banyan.console.Site.Objective> shown() {
        return promises.standing().stream().map(SitePromises::shown).toList();
    }

    private static dev.banyan.console.Site.Objective shown(Promises.Kept kept) {
        Standing standing = kept.standing();
        Objective of = standing.objective();
        List<Burn> burns = BurnRule.WINDOWS.stream().map(window -> new Burn(Durations.format(window), standing.rate(window))).toList();
        return new dev.banyan.console.Site.Objective(of.name(), of.sentence(), of.target(), of.window().toSeconds(), standing.left(), burns, kept.alert().isPresent(), kept.alert().orElse(""));
    }

    @Override
    public void close() {
        count();
        promises.close();
    }
}
