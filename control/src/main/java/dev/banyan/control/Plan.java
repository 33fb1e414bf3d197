package dev.banyan.control;

import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The steps from what runs to what is wanted. Immutable; made by {@link Course}, done by {@link Mover}.
 *
 * @param to the site that runs when it is done
 */
public record Plan(Kind kind, Wanted to, List<Leg> legs) {
    /** What was asked for. */
    public enum Kind {
        UP,
        GROW,
        SHRINK,
        DEPLOY,
        APPLY,
        SET_ASIDE,
        PUT_BACK,
        SWITCH_OVER;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    public Plan {
        legs = List.copyOf(legs);
    }

    public List<Step> steps() {
        return legs.stream().flatMap(leg -> leg.steps().stream()).toList();
    }

    /** Whether everything is as wanted already. */
    public boolean isEmpty() {
        return legs.isEmpty();
    }

    public Duration clientsWait() {
        return steps().stream().map(Step::clientsWait).reduce(Duration.ZERO, Duration::plus);
    }

    /** {@code 2 to start, 0 to stop; clients wait: 0 ms}. */
    public String summary() {
        if (isEmpty()) {
            return "nothing to do: the site is as wanted";
        }
        return count(Step.StartInstance.class) + " to start, " + count(Step.StopInstance.class) + " to stop"
                + databases() + caches() + edges() + used() + settings() + "; clients wait: " + Told.time(clientsWait());
    }

    /** The plan as it is printed: the summary and a numbered line a step. */
    public String text() {
        List<Step> steps = steps().stream().filter(step -> !(step instanceof Step.Commit)).toList();
        StringBuilder text = new StringBuilder(title()).append(": ").append(summary()).append('\n');
        for (int i = 0; i < steps.size(); i++) {
            text.append("%3d. %s%n".formatted(i + 1, steps.get(i).does()));
        }
        notes().forEach(note -> text.append("     ").append(note).append('\n'));
        return text.toString();
    }

    /** What a user should know of the steps, or of there being none. */
    public List<String> notes() {
        boolean moves = kind == Kind.GROW || kind == Kind.SHRINK || kind == Kind.APPLY;
        return moves ? Stream.of(databaseNote(), cacheNote(), edgeNote()).flatMap(Optional::stream).toList() : List.of();
    }

    private Optional<String> databaseNote() {
        if (to.site().database().url().isPresent()) {
            return Optional.of("the servers of database.url are not Banyan's: none is copied or promoted, their roles are followed");
        }
        if (count(Step.SwitchOver.class) == 0) {
            return Optional.empty();
        }
        return Optional.of(to.stage().atLeast(Stage.SEPARATE_DATABASE)
                ? "the database gets a server of its own: here another process, with a data folder, memory and a port of its own"
                : "the database moves back in with the application: here into another process again, with a fresh data folder");
    }

    private Optional<String> cacheNote() {
        if (to.instances() == 0 || count(Step.OpenCache.class) + count(Step.CloseCache.class) == 0) {
            return Optional.empty();
        }
        return Optional.of(to.site().caches()
                ? "every instance is replaced by one that has REDIS_URL; the old ones are kept, drained, until all are, so that it can be undone"
                : "every instance is replaced by one without REDIS_URL; the old ones are kept, drained, until the cache's journal is empty, so that it can be undone");
    }

    private Optional<String> edgeNote() {
        return count(Step.ArrangeEdges.class) == 0
                ? Optional.empty()
                : Optional.of("no open connection is cut: each ends with its next answer and comes again; WebSockets live on where they are");
    }

    /** {@code grow to stage 3 (3 instances)}. */
    public String title() {
        return switch (kind) {
            case UP -> "up at " + place();
            case GROW -> "grow to " + place();
            case SHRINK -> "shrink to " + place();
            case DEPLOY -> "deploy " + deployed() + "at " + place();
            case APPLY -> "apply the site file at " + place();
            case SET_ASIDE, PUT_BACK, SWITCH_OVER -> legs.getFirst().what();
        };
    }

    /** The application is not named. */
    private String deployed() {
        return steps().stream().filter(Step.StartInstance.class::isInstance).map(step -> ((Step.StartInstance) step).name().service())
                .filter(service -> !service.equals(Topology.APPLICATION)).findFirst().map(service -> service + " ").orElse("");
    }

    private String place() {
        String size = to.instances() > 0 ? Told.count(to.instances(), "instance") : Told.count(to.servers().size(), "server");
        return "stage " + to.stage().number() + " (" + size + ")";
    }

    private String databases() {
        long made = count(Step.AddReplica.class);
        long removed = count(Step.RemoveReplica.class);
        return made + removed == 0 ? "" : ", " + Told.count(made, "database server") + " to make, " + removed + " to remove";
    }

    private String caches() {
        long started = count(Step.StartCacheNode.class);
        long removed = count(Step.RemoveCacheNode.class);
        return started + removed == 0 ? "" : ", " + Told.count(started, "cache node") + " to start, " + removed + " to remove";
    }

    private String edges() {
        long started = count(Step.StartEdge.class);
        long stopped = count(Step.StopEdge.class);
        return started + stopped == 0 ? "" : ", " + Told.count(started, "edge") + " to start, " + stopped + " to stop";
    }

    private String used() {
        long used = count(Step.UseServer.class);
        long left = count(Step.LeaveServer.class);
        long weighed = count(Step.WeighServer.class);
        String weights = weighed == 0 ? "" : ", " + Told.count(weighed, "weight") + " to change";
        return weights + (used + left == 0 ? "" : ", " + Told.count(used, "server") + " to use, " + left + " to leave");
    }

    private String settings() {
        String door = count(Step.ReconfigureFrontDoor.class) == 0 ? "" : ", new front door settings";
        return count(Step.ReconfigureEdges.class) == 0 ? door : door + ", new edge settings";
    }

    private long count(Class<? extends Step> kindOfStep) {
        return steps().stream().filter(kindOfStep::isInstance).collect(Collectors.counting());
    }
}
