package dev.banyan.drill.site;

import dev.banyan.drill.site.SiteState.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a site has got over a fault: all of its nodes are up, as many of each kind as before, and what was killed has been missed. A killed process looks well until somebody asks it. Owned by
 * one thread.
 */
final class Wholeness {
    private final Map<String, Long> before;
    private final Node victim;
    private boolean missed;

    /** @param before when all was well */
    Wholeness(SiteState before, Node victim) {
        this.before = count(before);
        this.victim = victim;
    }

    /** Which nodes keep a site from being steady, in a few words each; empty when all is well. */
    static List<String> trouble(SiteState now) {
        return now.nodes().stream().filter(node -> !settled(node)).map(node -> node.id() + " is " + node.health()).toList();
    }

    /** Somebody has noticed that the victim is broken. */
    void missed() {
        missed = true;
    }

    /** Looks whether the victim is still what it was. */
    void look(SiteState now) {
        Optional<Node> same = now.node(victim.id());
        missed |= same.isEmpty() || !same.get().up() || !same.get().kind().equals(victim.kind()) || victim.process() != 0 && same.get().process() != victim.process();
    }

    /** @param killed whether the fault was a kill, which must be missed; one that lasts is known to be over */
    boolean whole(SiteState now, boolean killed) {
        Map<String, Long> counts = count(now);
        boolean anew = victim.process() == 0 || now.node(victim.id()).map(node -> node.process() != victim.process()).orElse(true);
        return now.nodes().stream().allMatch(Wholeness::settled) && before.entrySet().stream().allMatch(kind -> counts.getOrDefault(kind.getKey(), 0L) >= kind.getValue()) && (!killed || missed && anew);
    }

    /** One that drains is on its way out: WebSockets may keep it for hours, and nobody new comes to it. */
    private static boolean settled(Node node) {
        return node.up() || node.health().equals("draining");
    }

    private static Map<String, Long> count(SiteState state) {
        return state.nodes().stream().filter(Node::up).collect(Collectors.groupingBy(Node::kind, Collectors.counting()));
    }
}
