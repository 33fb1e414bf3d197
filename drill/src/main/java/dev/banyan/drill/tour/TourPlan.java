package dev.banyan.drill.tour;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.tour.TourStep.Break;
import dev.banyan.drill.tour.TourStep.Change;
import dev.banyan.drill.tour.TourStep.Move;
import dev.banyan.drill.tour.TourStep.Saturate;
import dev.banyan.drill.tour.TourStep.Settle;
import dev.banyan.drill.tour.TourStep.Steady;
import dev.banyan.topology.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that a tour does, in order. It follows from the stages and drills that there are: a new one of either is toured without a change here.
 *
 * @param legs what is done, one after the other; the site is at the first stage before them
 */
public record TourPlan(List<Leg> legs) {
    /** What must be seen once more where everything stands before and behind it. */
    private static final String PRIMARY = "primary";
    private static final Duration BREATH = Duration.ofSeconds(2);

    public TourPlan {
        legs = List.copyOf(legs);
    }

    /** One step, and the stage that the site is at when it is done. */
    public record Leg(Stage stage, TourStep step) {}

    /** @param drills those that there are */
    public static TourPlan of(TourOptions options, List<Drill> drills) {
        List<Leg> legs = new ArrayList<>();
        Stage last = options.to();
        for (Stage at = Stage.values()[0]; ; at = at.next().orElseThrow()) {
            Stage stage = at;
            stage.previous().ifPresent(from -> legs.add(new Leg(stage, new Move(from, stage))));
            Stream.of(new Settle(), new Steady(options.steady()), new Saturate(options.saturation()), new Steady(BREATH)).forEach(step -> legs.add(new Leg(stage, step)));
            changes(options, stage).forEach(change -> Stream.of(change, new Settle()).forEach(step -> legs.add(new Leg(stage, step))));
            drills.stream().filter(drill -> isDue(options, stage, drill)).forEach(drill -> legs.add(new Leg(stage, new Break(drill.name()))));
            if (at == last) {
                break;
            }
        }
        Stage at = last;
        for (Stage to : wayBack(options)) {
            legs.add(new Leg(to, new Move(at, to)));
            legs.add(new Leg(to, new Settle()));
            legs.add(new Leg(to, new Steady(BREATH)));
            at = to;
        }
        return new TourPlan(legs);
    }

    private static List<Change> changes(TourOptions options, Stage stage) {
        boolean last = stage == options.to();
        return Stream.of(Change.values()).filter(change -> stage.atLeast(change.since()))
                .filter(change -> !options.shortForm() || change.since() == stage || last && change == Change.DEPLOY).toList();
    }

    private static boolean isDue(TourOptions options, Stage stage, Drill drill) {
        boolean first = drill.stage() == stage.number();
        boolean again = stage == options.to() && drill.name().equals(PRIMARY);
        return stage.number() >= drill.stage() && (!options.shortForm() || first || again);
    }

    /** The long form goes down stage by stage. The short one shrinks, grows again, and then takes several stages in one move. */
    private static List<Stage> wayBack(TourOptions options) {
        List<Stage> below = Stream.of(Stage.values()).filter(stage -> stage.number() < options.to().number()).toList().reversed();
        if (!options.shortForm() || below.size() < 3) {
            return below;
        }
        return List.of(below.get(0), options.to(), below.get(1), below.getLast());
    }

    /** The least that it takes, drills and moves not counted. */
    public Duration atLeast() {
        return legs.stream().map(leg -> switch (leg.step()) {
            case Steady steady -> steady.lasting();
            case Saturate saturate -> saturate.lasting();
            case Move _, Change _, Settle _, Break _ -> Duration.ZERO;
        }).reduce(Duration.ZERO, Duration::plus);
    }
}
