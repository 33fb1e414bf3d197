package dev.banyan.resp;

import dev.banyan.net.Clock;
import dev.banyan.topology.Decision;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Which nodes can be reached, as the loops find, and what is said of a change. Safe for any thread. */
final class NodeHealth {
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private final Map<Node, Long> downSince = new HashMap<>();

    NodeHealth(Clock clock, Consumer<Decision> decisions) {
        this.clock = clock;
        this.decisions = decisions;
    }

    synchronized void use(List<Node> nodes) {
        downSince.keySet().retainAll(nodes);
    }

    synchronized void unreached(Node node, String why) {
        if (downSince.putIfAbsent(node, clock.nanos()) == null) {
            decisions.accept(new Decision("answer without cache node " + node.name(), why, "cache node " + node.name() + " at " + node.address(), clock.now()));
        }
    }

    synchronized void reached(Node node) {
        Long since = downSince.remove(node);
        if (since != null) {
            Duration down = Duration.ofMillis((clock.nanos() - since) / 1_000_000);
            decisions.accept(new Decision("ask cache node " + node.name() + " again", "it answers", "it was down for " + down.toMillis() + " ms", clock.now()));
        }
    }

    synchronized List<Node> down() {
        return List.copyOf(downSince.keySet());
    }
}
