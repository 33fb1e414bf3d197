package dev.banyan.resp;

import java.util.List;

/** Which node has which key: an immutable snapshot, made by whoever controls or watches the nodes. */
public sealed interface Layout {
    Layout EMPTY = new Ring(List.of());

    /** All nodes, in a fixed order. */
    List<Node> nodes();

    /** Nodes that know nothing of each other, on a ring of hashes by their names. */
    record Ring(List<Node> nodes) implements Layout {
        public Ring {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A Redis Cluster.
     *
     * @param owners for each of its 16,384 slots the index of its primary, -1 for none; not copied, and never changed
     */
    record Slots(List<Node> nodes, short[] owners) implements Layout {
        public Slots {
            nodes = List.copyOf(nodes);
        }
    }
}
