package dev.banyan.telemetry.slo;

import dev.banyan.topology.Durations;
import dev.banyan.topology.Share;
import dev.banyan.topology.Slo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One promise.
 *
 * @param target the share that is promised, over 0 and below 1
 * @param within what a latency promise holds answers against; empty for availability
 * @param window the time it is promised over, always the latest so long
 */
public record Objective(Kind kind, double target, Optional<Duration> within, Duration window) {
    /** What is promised. */
    public enum Kind {
        /** Requests do not fail. */
        AVAILABILITY,
        /** Of those that do not, answers come in time. */
        LATENCY
    }

    /** Those of a site. */
    public static List<Objective> of(Slo slo) {
        List<Objective> all = new ArrayList<>();
        slo.availability().ifPresent(share -> all.add(new Objective(Kind.AVAILABILITY, share.of1(), Optional.empty(), slo.window())));
        slo.latency().ifPresent(latency -> all.add(new Objective(Kind.LATENCY, latency.share().of1(), Optional.of(latency.within()), slo.window())));
        return List.copyOf(all);
    }

    /** What its answers are held against, in milliseconds; 0 for none. */
    static int boundMillis(List<Objective> all) {
        return all.stream().flatMap(each -> each.within().stream()).findFirst().map(within -> (int) within.toMillis()).orElse(0);
    }

    /** {@code availability}, {@code latency}: metrics, alerts and the console call it so. */
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** As a sentence, as {@code 99% of answers within 300ms}. */
    public String sentence() {
        Share share = new Share(target);
        return switch (kind) {
            case AVAILABILITY -> share + " of requests do not fail";
            case LATENCY -> share + " of answers within " + Durations.format(within.orElseThrow());
        };
    }

    /** Of these answers, how many it is about. */
    long all(Tally tally) {
        return switch (kind) {
            case AVAILABILITY -> tally.answers();
            case LATENCY -> tally.timed();
        };
    }

    /** Of these answers, how many broke it. */
    long bad(Tally tally) {
        return switch (kind) {
            case AVAILABILITY -> tally.failed();
            case LATENCY -> tally.slow();
        };
    }

    /** The share that may break it. */
    double budget() {
        return 1 - target;
    }

    /** How fast these answers use the budget up: 1 when just all of it is gone at the window's end; 0 when there are none. */
    double burn(Tally tally) {
        return all(tally) == 0 ? 0 : bad(tally) / (all(tally) * budget());
    }

    /** Of what may break in these answers, the part that has not: 1 for none broken, below 0 for too many. */
    double left(Tally tally) {
        return 1 - burn(tally);
    }
}
