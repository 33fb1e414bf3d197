package dev.banyan.control;

import dev.banyan.control.Step.AddReplica;
import dev.banyan.control.Step.RemoveReplica;
import dev.banyan.control.Step.StartDatabase;
import dev.banyan.control.Step.SwitchOver;
import dev.banyan.control.database.ClusterRecord;
import dev.banyan.topology.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decides the steps for the embedded database's servers. Pure. Between stages 1 and 2 the database moves to a server that is a copy of the one it
 * was on; from stage 4 on it has replicas. What comes is made before the commit, what goes is deleted after it. No steps for servers that Banyan does not run.
 */
final class DatabaseCourse {
    private final Wanted to;
    private final Observed from;
    private final ClusterRecord record;
    private final boolean moves;

    DatabaseCourse(Wanted to, Observed from) {
        this.to = to;
        this.from = from;
        this.record = from.database().known();
        this.moves = runs() && from.site().filter(site -> isOwn(site.stage()) != isOwn(to.stage())).isPresent();
    }

    /** Before the instances. */
    List<Step> before() {
        if (!to.needsDatabase()) {
            return List.of();
        }
        if (!from.database().run()) {
            return List.of(new StartDatabase());
        }
        List<Step> steps = new ArrayList<>();
        int next = record.named() + 1;
        if (moves) {
            String name = ClusterRecord.name(next++);
            steps.add(new AddReplica(name));
            steps.add(new SwitchOver(record.primary(), name));
        }
        steps.addAll(replicas(next, to.site().replicas() - had()));
        return steps;
    }

    /** After the commit. */
    List<Step> after() {
        if (!to.needsDatabase() || !from.database().run() && from.database().record().isEmpty()) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        List<String> surplus = record.replicas().stream().skip(to.site().replicas()).toList().reversed();
        surplus.forEach(name -> steps.add(new RemoveReplica(name)));
        if (moves) {
            steps.add(new RemoveReplica(record.primary()));
        }
        return steps;
    }

    /** When the site comes up: those it should have and has not. */
    List<Step> afterStart() {
        return !to.needsDatabase() || from.database().run() ? List.of() : replicas(record.named() + 1, to.site().replicas() - record.replicas().size());
    }

    private boolean runs() {
        return to.needsDatabase() && from.database().run();
    }

    /** Those that are missing of the ones it should have had are on their way already: they were lost, and are replaced. */
    private int had() {
        return Math.max(record.replicas().size(), from.site().map(site -> site.replicas()).orElse(0));
    }

    private static List<Step> replicas(int first, int count) {
        return IntStream.range(0, count).<Step>mapToObj(i -> new AddReplica(ClusterRecord.name(first + i))).toList();
    }

    private static boolean isOwn(Stage stage) {
        return stage.atLeast(Stage.SEPARATE_DATABASE);
    }
}
