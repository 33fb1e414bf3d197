package dev.banyan.telemetry.slo;

import dev.banyan.topology.Decision;
import dev.banyan.topology.Durations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which burn alerts are on, and what is said when one begins or ends. Pure but for that; not safe for several threads. */
final class BurnAlerts {
    /** By the promise's name. */
    private final Map<String, Set<BurnRule>> on = new HashMap<>();

    /** Looks at how promises are kept now; what has begun and ended since the last look. */
    List<Decision> look(List<Standing> all, Instant now) {
        List<Decision> said = new ArrayList<>();
        on.keySet().retainAll(all.stream().map(standing -> standing.objective().name()).toList());
        for (Standing standing : all) {
            Set<BurnRule> mine = on.computeIfAbsent(standing.objective().name(), _ -> new HashSet<>());
            for (BurnRule rule : BurnRule.ALL) {
                boolean before = mine.contains(rule);
                boolean after = standing.holds(rule, before);
                if (after && !before) {
                    mine.add(rule);
                    said.add(new Decision(rule.severity() + " for " + standing.objective().name(), sentence(standing, rule), seen(standing, rule), now));
                } else if (before && !after) {
                    mine.remove(rule);
                    said.add(new Decision("end the " + rule.severity() + " for " + standing.objective().name() + " (over " + Durations.format(rule.over()) + ")", "the budget goes "
                            + times(standing.rate(rule.still())) + " as fast as it may over the last " + Durations.format(rule.still()) + ", not " + times(rule.factor()) + " any more",
                            seen(standing, rule), now));
                }
            }
        }
        return said;
    }

    /** The worst that is on for a promise, as a sentence; empty when none is. */
    Optional<String> sentence(Standing standing) {
        Set<BurnRule> mine = on.getOrDefault(standing.objective().name(), Set.of());
        return BurnRule.ALL.stream().filter(mine::contains).findFirst().map(rule -> rule.severity() + ": " + sentence(standing, rule));
    }

    private static String sentence(Standing standing, BurnRule rule) {
        return "the budget of '" + standing.objective().sentence() + "' goes " + times(standing.rate(rule.over())) + " as fast as it may over " + Durations.format(rule.over())
                + ", and " + times(standing.rate(rule.still())) + " over " + Durations.format(rule.still()) + "; from " + times(rule.factor()) + " on somebody should look";
    }

    private static String seen(Standing standing, BurnRule rule) {
        Standing.Burn over = standing.burns().get(rule.over());
        return String.format(Locale.ROOT, "%,d of %,d answers broke it in %s; %.1f %% of the budget of %s is left", over.bad(), over.all(), Durations.format(rule.over()),
                100 * standing.left(), Durations.format(standing.objective().window()));
    }

    private static String times(double rate) {
        return String.format(Locale.ROOT, rate < 10 ? "%.1f times" : "%.0f times", rate);
    }
}
