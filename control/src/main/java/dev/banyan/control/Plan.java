package dev.banyan.control;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

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
        PUT_BACK;

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
                + used() + settings() + "; clients wait: " + Told.time(clientsWait());
    }

    /** The plan as it is printed: the summary and a numbered line a step. */
    public String text() {
        List<Step> steps = steps().stream().filter(step -> !(step instanceof Step.Commit)).toList();
        StringBuilder text = new StringBuilder(title()).append(": ").append(summary()).append('\n');
        for (int i = 0; i < steps.size(); i++) {
            text.append("%3d. %s%n".formatted(i + 1, steps.get(i).does()));
        }
        return text.toString();
    }

    /** {@code grow to stage 3 (3 instances)}. */
    public String title() {
        return switch (kind) {
            case UP -> "up at " + place();
            case GROW -> "grow to " + place();
            case SHRINK -> "shrink to " + place();
            case DEPLOY -> "deploy at " + place();
            case APPLY -> "apply the site file at " + place();
            case SET_ASIDE, PUT_BACK -> legs.getFirst().what();
        };
    }

    private String place() {
        String size = to.instances() > 0 ? Told.count(to.instances(), "instance") : Told.count(to.servers().size(), "server");
        return "stage " + to.stage().number() + " (" + size + ")";
    }

    private String used() {
        long used = count(Step.UseServer.class);
        long left = count(Step.LeaveServer.class);
        long weighed = count(Step.WeighServer.class);
        String weights = weighed == 0 ? "" : ", " + Told.count(weighed, "weight") + " to change";
        return weights + (used + left == 0 ? "" : ", " + Told.count(used, "server") + " to use, " + left + " to leave");
    }

    private String settings() {
        return count(Step.ReconfigureFrontDoor.class) == 0 ? "" : ", new front door settings";
    }

    private long count(Class<? extends Step> kindOfStep) {
        return steps().stream().filter(kindOfStep::isInstance).collect(Collectors.counting());
    }
}
