package dev.banyan.drill.tour;

import dev.banyan.drill.LoadInterval;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.tour.TourPlan.Leg;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes down what happens on a tour. Every interval of the load is handed in once, in order, while the step goes on that it belongs to. Safe for any thread. */
public final class TourLog {
    /** Shorter ones are plotted with the next: their rate would be rough. */
    private static final double LEAST_SAMPLE_S = 0.4;

    private final List<Phase> phases = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<StageFacts> stages = new ArrayList<>();
    private Optional<Leg> leg = Optional.empty();
    private Sum sum = new Sum(0);
    private Sum sample = new Sum(0);
    private int visit = 1;

    /** A step begins; the one before it is over. */
    public synchronized void begin(Leg next, double atS) {
        if (leg.isPresent()) {
            throw new IllegalStateException("'" + leg.get().step().title() + "' is not over");
        }
        if (next.step() instanceof TourStep.Move) {
            visit++;
        }
        leg = Optional.of(next);
        sum = new Sum(atS);
    }

    /** What the load saw since the last interval. */
    public synchronized void heard(LoadInterval interval, double atS) {
        sum.add(interval);
        sample.add(interval);
        double seconds = atS - sample.fromS();
        if (seconds >= LEAST_SAMPLE_S) {
            boolean timed = sample.timed();
            samples.add(new Sample(atS, sample.requests() / seconds, sample.failed(), timed ? sample.percentileMillis(50) : -1, timed ? sample.percentileMillis(99) : -1));
            sample = new Sum(atS);
        }
    }

    /** What the stage is made of that the site is at. */
    public synchronized void seen(StageFacts facts) {
        stages.add(facts);
    }

    /** The step is over, and was done. */
    public Phase done(double atS) {
        return end(atS, Optional.empty(), "");
    }

    /** The drill is over. */
    public Phase drilled(DrillReport found, double atS) {
        return end(atS, Optional.of(found), "");
    }

    /** The step was not done. */
    public Phase failed(String problem, double atS) {
        return end(atS, Optional.empty(), problem);
    }

    private synchronized Phase end(double atS, Optional<DrillReport> drill, String problem) {
        Leg over = leg.orElseThrow(() -> new IllegalStateException("no step goes on"));
        Phase phase = new Phase(phases.size() + 1, visit, over.stage(), over.step(), sum.fromS(), atS, sum.requests(), sum.failed(), sum.byKind(), sum.firstFailures(), sum.percentileMillis(50),
                sum.percentileMillis(99), drill, problem);
        phases.add(phase);
        leg = Optional.empty();
        return phase;
    }

    /** Which stay at a stage this is, from 1. */
    public synchronized int visit() {
        return visit;
    }

    public synchronized List<Phase> phases() {
        return List.copyOf(phases);
    }

    public synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    public synchronized List<StageFacts> stages() {
        return List.copyOf(stages);
    }
}
