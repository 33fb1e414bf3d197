package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.util.List;
import java.util.Optional;

/** HTTP caches in front of the front door: the content delivery network. */
@Doc("HTTP caches in front of the front door, near users, from stage 6 on.")
public record Edge(
        @Doc("The edges; one named edge-1 when there are none here.") List<Node> nodes,
        @Default("false") @Doc("One more cache between the edges and the front door, so that the front door is asked once for all edges.") boolean shield,
        @Applied(Effect.RESTART) @Range(from = "1MiB", to = "1TiB") @Default("64MiB") @Doc("The memory for responses of each edge.") ByteSize memory,
        @Applied(Effect.RESTART) @Default("0B") @Doc("The disk space for responses of each edge, which outlive a restart; 0B is none.") ByteSize disk,
        @Applied(Effect.RESTART) @Default("w-tiny-lfu") @Doc("What goes when the space is full.") Eviction eviction,
        @Range(from = "1KiB", to = "1TiB") @Default("64MiB") @Doc("The largest response that is stored.") ByteSize object) {

    public Edge {
        nodes = List.copyOf(nodes);
    }

    /** One edge. */
    @Doc("One edge.")
    public record Node(
            @Doc("Its name, as Cache-Status and the console show it.") SiteName name,
            @Written(Form.LISTEN) @Doc("An address of its own, beside the front door's: HOST:PORT or a port.") Optional<HostPort> listen,
            @Written(Form.CIDR) @Doc("Addresses (CIDR) of the clients it is nearest to; the first edge serves those that no edge names.") List<String> networks) {

        public Node {
            networks = List.copyOf(networks);
        }
    }

    /** Which response goes when the space is full. */
    public enum Eviction {
        @Doc("Those used least often, by a sketch that forgets slowly, with a small window for what is new (Einziger and others, 2017).")
        W_TINY_LFU,
        @Doc("Those that were not asked for again soon after they came, by three queues (Yang and others, 2023).")
        S3_FIFO,
        @Doc("Those not used for the longest time.")
        LRU,
        @Doc("Those used least often.")
        LFU,
        @Doc("Those stored first.")
        FIFO
    }
}
