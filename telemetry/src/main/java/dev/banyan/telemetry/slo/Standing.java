package dev.banyan.telemetry.slo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a promise is kept, at one moment.
 *
 * @param left of what may break it in its window, the part that has not: 1 for all, below 0 when more did
 * @param window what was answered in the promise's own window
 * @param burns of each time of {@link BurnRule#WINDOWS}
 */
public record Standing(Objective objective, double left, Tally window, Map<Duration, Burn> burns) {
    public Standing {
        burns = Map.copyOf(burns);
    }

    /**
     * How fast the budget goes.
     *
     * @param bad answers that broke the promise
     * @param all answers that it is about
     */
    public record Burn(double rate, long bad, long all) {}

    static Standing of(Objective objective, Minutes minutes, int now, int boundMillis) {
        Tally whole = minutes.last(Minutes.of(objective.window()), now, boundMillis);
        Map<Duration, Burn> burns = new HashMap<>();
        for (Duration window : BurnRule.WINDOWS) {
            Tally tally = minutes.last(Minutes.of(window), now, boundMillis);
            burns.put(window, new Burn(objective.burn(tally), objective.bad(tally), objective.all(tally)));
        }
        return new Standing(objective, objective.left(whole), whole, burns);
    }

    public double rate(Duration window) {
        return burns.get(window).rate();
    }

    /** @param burning whether the rule's alert is on already */
    boolean holds(BurnRule rule, boolean burning) {
        Burn over = burns.get(rule.over());
        return rule.holds(over.rate(), burns.get(rule.still()).rate(), over.bad(), burning);
    }
}
