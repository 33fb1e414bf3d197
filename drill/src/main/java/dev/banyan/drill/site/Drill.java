package dev.banyan.drill.site;

import dev.banyan.topology.Durations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A drill: what is broken, and what must hold meanwhile.
 *
 * @param name as in {@code banyan drill NAME}
 * @param victim what is broken, in a sentence: {@code an application server}
 * @param kind of the nodes of which one is broken: {@code application}, as the admin API's {@code /api/site} calls it
 * @param stage the first stage that has what the drill needs
 * @param least how many of that kind must be up, so that another can do the work
 * @param process whether the victim is a process of its own, which is started anew when it was killed; what lives in Banyan's own process stays away as long as the fault lasts
 * @param mends how the Decision begins that does away with the trouble: {@code eject}, {@code promote}
 * @param usual the fault that is done when none is asked for
 * @param promises what holds under each fault that the drill knows
 */
public record Drill(String name, String victim, String kind, int stage, int least, boolean process, List<String> mends, FaultKind usual, Map<FaultKind, Promise> promises) {
    public Drill {
        mends = List.copyOf(mends);
        promises = Map.copyOf(promises);
        if (!promises.containsKey(usual)) {
            throw new IllegalArgumentException("drill " + name + " promises nothing for its usual fault, " + usual.word());
        }
    }

    /** Faults that it knows, in the order of {@link FaultKind}. */
    public Set<FaultKind> faults() {
        return new TreeMap<>(promises).keySet();
    }

    /** Whether this fault of it lasts until it is lifted. */
    public boolean lasts(FaultKind fault) {
        return fault.lasts() || !process;
    }

    /** Empty when the drill does not know that fault. */
    public Optional<Promise> promise(FaultKind fault) {
        return Optional.ofNullable(promises.get(fault));
    }

    /** What is promised under the usual fault, in a sentence with its numbers. */
    public String hypothesis() {
        return hypothesis(usual);
    }

    /** What is promised under a fault that the drill knows. */
    public String hypothesis(FaultKind fault) {
        Promise promise = promises.get(fault);
        return "While " + victim + " is " + fault.done() + ", no request fails" + promise.pardon().words() + ", none takes longer than " + Durations.format(promise.slowest())
                + ", no acknowledged write is lost, there are never two primaries, and no session's read misses its own write; all servers are up and users are served as before within "
                + Durations.format(promise.healed()) + (lasts(fault) ? " of its end." : ".");
    }
}
