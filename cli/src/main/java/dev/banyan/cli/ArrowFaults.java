package dev.banyan.cli;

import dev.banyan.console.FaultKind;
import dev.banyan.console.FaultOrder;
import dev.banyan.net.WireFault;
import java.util.List;
import java.util.Optional;

/** An arrow one end of which is in this process: its connections are made slow, deaf or cut there. */
final class ArrowFaults implements FaultPlace {
    private final String from;
    private final String to;
    private final ArrowWays.Way way;

    ArrowFaults(String from, String to, ArrowWays.Way way) {
        this.from = from;
        this.to = to;
        this.way = way;
    }

    @Override
    public String target() {
        return from + ">" + to;
    }

    @Override
    public String scope() {
        return way.scope();
    }

    @Override
    public List<FaultKind> kinds() {
        return List.of(FaultKind.LATENCY, FaultKind.DROP, FaultKind.PARTITION);
    }

    @Override
    public boolean runs() {
        return true;
    }

    @Override
    public Broken breaking(FaultOrder order) {
        WireFault fault = switch (order.kind()) {
            case LATENCY -> new WireFault.Latency(order.latency(), order.jitter());
            case DROP -> new WireFault.Drop();
            case PARTITION -> new WireFault.Partition();
            case KILL, STOP, FULL_DISK -> throw new IllegalArgumentException(order.kind().word() + " is not for an arrow");
        };
        return new OfConnections(way.scope(), fault, way.begin().apply(fault));
    }

    /** Faulty connections, until it is undone. */
    record OfConnections(String scope, WireFault fault, ArrowWays.Begun begun, String sentence) implements Broken {
        OfConnections(String scope, WireFault fault, ArrowWays.Begun begun) {
            this(scope, fault, begun, sentence(fault, begun.connections()) + " (" + scope + ")");
        }

        private static String sentence(WireFault fault, int connections) {
            String now = connections == 1 ? "1 live connection" : connections + " live connections";
            return switch (fault) {
                case WireFault.Latency _ -> "a round trip takes so much longer on " + now + " and on new ones";
                case WireFault.Drop _ -> "bytes vanish on " + now + ", and connecting hangs";
                case WireFault.Partition _ -> now + " were reset, and new ones are refused";
            };
        }

        @Override
        public Optional<String> over() {
            return Optional.empty();
        }

        @Override
        public void undo() {
            begun.end();
        }
    }
}
