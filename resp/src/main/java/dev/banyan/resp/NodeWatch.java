package dev.banyan.resp;

import dev.banyan.net.Clock;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.Decision;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The health of the nodes: asks each for a PING every second, hears from the loops whose connections are lost or made, and has a {@link Circuit} for
 * each. So a node that dies is known without a client's command that fails, and one that comes back without one that waits. Owned by its loop; all
 * methods are safe for any thread.
 */
final class NodeWatch implements AutoCloseable {
    private static final int FAILURES = 3;
    private static final long EVERY_NANOS = 1_000_000_000L;
    /** After a PING that failed the next comes sooner. */
    private static final long AGAIN_NANOS = 100_000_000L;
    private static final long LEAST_PAUSE_NANOS = 50_000_000L;
    private static final long MOST_PAUSE_NANOS = 2_000_000_000L;

    private final Asking.Way way;
    private final Clock clock;
    private final RandomGenerator random;
    private final Consumer<Decision> decisions;
    private final Consumer<Node> lost;
    private final Map<Node, Watched> nodes = new LinkedHashMap<>();
    private final Set<Node> down = ConcurrentHashMap.newKeySet();
    private NodeLogin login;
    private boolean closed;

    /**
     * @param way to the nodes, with the first login
     * @param decisions told each change with its reason, on the loop: hands over and returns
     * @param lost told which node is down now, likewise
     */
    NodeWatch(Asking.Way way, Clock clock, RandomGenerator random, Consumer<Decision> decisions, Consumer<Node> lost) {
        this.way = way;
        this.login = way.login();
        this.clock = clock;
        this.random = random;
        this.decisions = decisions;
        this.lost = lost;
    }

    /** From now on these are the nodes. Those that were known go on as they are, with the new login from their next connection on. */
    void use(List<Node> next, NodeLogin as) {
        way.loop().execute(() -> {
            login = as;
            List<Node> gone = new ArrayList<>(nodes.keySet());
            gone.removeAll(next);
            gone.forEach(node -> nodes.remove(node).stop());
            down.removeAll(gone);
            next.forEach(node -> {
                if (!closed && !nodes.containsKey(node)) {
                    Watched watched = new Watched(node);
                    nodes.put(node, watched);
                    watched.look();
                }
            });
        });
    }

    /** A loop's connection to it was made. */
    void reached(Node node) {
        if (down.contains(node)) {
            on(node, watched -> watched.changed(watched.circuit.reached(), "a connection to it was made"));
        }
    }

    /** A loop's connection to it was lost, or could not be made. */
    void unreached(Node node, String why) {
        on(node, watched -> watched.lost(why));
    }

    private void on(Node node, Consumer<Watched> task) {
        way.loop().execute(() -> {
            Watched watched = nodes.get(node);
            if (watched != null) {
                task.accept(watched);
            }
        });
    }

    boolean isUp(Node node) {
        return !down.contains(node);
    }

    /** Those whose circuits are open. */
    List<Node> down() {
        return List.copyOf(down);
    }

    @Override
    public void close() {
        way.loop().execute(() -> {
            closed = true;
            nodes.values().forEach(Watched::stop);
            nodes.clear();
            down.clear();
        });
    }

    private String seen() {
        return (nodes.size() - down.size()) + " of " + nodes.size() + (nodes.size() == 1 ? " cache node is up" : " cache nodes are up");
    }

    /** One node. */
    private final class Watched {
        private final Node node;
        private final Circuit circuit = new Circuit(FAILURES, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS, random);
        private Asking asking;
        private Future<?> next;
        private boolean underWay;
        private boolean stopped;

        Watched(Node node) {
            this.node = node;
        }

        private void look() {
            if (stopped || underWay) {
                return;
            }
            if (circuit.state() != Circuit.State.CLOSED && !circuit.probe(clock.nanos())) {
                schedule();
                return;
            }
            ask();
        }

        private void ask() {
            underWay = true;
            if (asking == null || !asking.isOpen()) {
                asking = way.as(login).open(node.address());
            }
            asking.ask("PING").whenComplete((answer, trouble) -> {
                underWay = false;
                if (stopped) {
                    return;
                }
                if (trouble != null) {
                    failed(String.valueOf(trouble.getMessage()));
                } else if (answer instanceof Reply.Failure(String text)) {
                    failed("it answers PING with " + text);
                } else {
                    changed(circuit.succeeded(), "it answers PING");
                }
                schedule();
            });
        }

        private void schedule() {
            if (next != null) {
                next.cancel(false);
            }
            long wait = circuit.state() == Circuit.State.OPEN ? circuit.untilProbe(clock.nanos()) : circuit.failures() > 0 ? AGAIN_NANOS : EVERY_NANOS;
            next = way.loop().schedule(this::look, wait, TimeUnit.NANOSECONDS);
        }

        private void failed(String why) {
            if (circuit.failed(clock.nanos())) {
                opened(FAILURES + " PINGs in a row failed (last: " + why + ")");
            }
        }

        void lost(String why) {
            if (circuit.lost(clock.nanos())) {
                opened(why);
                schedule();
            }
        }

        private void opened(String why) {
            down.add(node);
            decisions.accept(new Decision("answer without cache node " + node.name(), why, "it is at " + node.address() + "; " + seen(), clock.now()));
            lost.accept(node);
        }

        void changed(boolean closes, String why) {
            if (closes) {
                down.remove(node);
                long millis = (clock.nanos() - circuit.openedNanos()) / 1_000_000;
                String after = "it was down for " + millis + " ms and was probed " + (circuit.probes() == 1 ? "once" : circuit.probes() + " times") + "; " + seen();
                decisions.accept(new Decision("ask cache node " + node.name() + " again", why, after, clock.now()));
            }
        }

        void stop() {
            stopped = true;
            if (next != null) {
                next.cancel(false);
            }
            if (asking != null) {
                asking.close();
            }
        }
    }
}
