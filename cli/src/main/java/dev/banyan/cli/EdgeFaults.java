package dev.banyan.cli;

import dev.banyan.console.FaultKind;
import dev.banyan.console.FaultOrder;
import dev.banyan.net.WireFault;
import java.util.List;
import java.util.Optional;

/**
 * An edge beside the front door, which is no process of its own: killed it loses its connections and what it has in memory, and takes no new
 * one until the end; stopped it hears and says nothing.
 */
final class EdgeFaults implements FaultPlace {
    private final RunningEdge edge;
    private final ArrowWays ways;

    EdgeFaults(RunningEdge edge, ArrowWays ways) {
        this.edge = edge;
        this.ways = ways;
    }

    @Override
    public String target() {
        return edge.name();
    }

    @Override
    public List<FaultKind> kinds() {
        return List.of(FaultKind.KILL, FaultKind.STOP);
    }

    @Override
    public boolean runs() {
        return !edge.closing();
    }

    @Override
    public Broken breaking(FaultOrder order) {
        boolean kill = order.kind() == FaultKind.KILL;
        ArrowWays.Begun begun = ways.allOf(edge, kill ? new WireFault.Partition() : new WireFault.Drop());
        if (kill) {
            edge.forget();
        }
        String done = kill ? "its connections were reset and its memory is gone" : "it hears and says nothing on its connections";
        return new Broken() {
            @Override
            public String sentence() {
                return done;
            }

            @Override
            public Optional<String> over() {
                return edge.closing() ? Optional.of("the edge was taken away") : Optional.empty();
            }

            @Override
            public void undo() {
                begun.end();
            }
        };
    }
}
