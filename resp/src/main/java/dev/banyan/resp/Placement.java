package dev.banyan.resp;

import dev.banyan.balance.Hash64;
import dev.banyan.balance.KeyRing;
import dev.banyan.resp.wire.Slots;
import java.util.List;

/**
 * Which node has a key, made from a {@link Layout} once so that the question is answered without allocating. Only a key's tag counts, the part
 * between its first braces, as in Redis Cluster: keys that must be together say so, on a ring too. Immutable.
 */
public final class Placement {
    private final List<Node> nodes;
    private final KeyRing ring;
    private final short[] owners;

    private Placement(List<Node> nodes, KeyRing ring, short[] owners) {
        this.nodes = nodes;
        this.ring = ring;
        this.owners = owners;
    }

    public static Placement of(Layout layout) {
        return switch (layout) {
            case Layout.Ring(List<Node> nodes) -> new Placement(nodes, KeyRing.of(nodes.stream().map(Node::name).toList()), null);
            case Layout.Slots(List<Node> nodes, short[] owners) -> new Placement(nodes, null, owners);
        };
    }

    /** The index of the node that has the key in the first {@code length} bytes; -1 when none has. */
    public int nodeOf(byte[] key, int length) {
        if (ring == null) {
            return owners[Slots.of(key, length)];
        }
        if (ring.size() < 2) {
            return ring.size() - 1;
        }
        long tag = Slots.tag(key, length);
        return ring.owner(Hash64.of(key, Slots.from(tag), Slots.length(tag)));
    }

    /** The index of the node that has a slot of Redis Cluster, -1 when none has; on a ring slots mean nothing. */
    public int nodeOfSlot(int slot) {
        return ring == null ? owners[slot] : -1;
    }

    /** Whether the nodes are a Redis Cluster, where the keys of one command must be of one slot and not of one node alone. */
    public boolean slots() {
        return ring == null;
    }

    /** A node by its index, which is its place in the layout. */
    public Node node(int index) {
        return nodes.get(index);
    }

    /** The index of a node; -1 when it is not here. */
    public int indexOf(Node node) {
        return nodes.indexOf(node);
    }

    /** All, in the layout's order. */
    public List<Node> nodes() {
        return nodes;
    }

    public int size() {
        return nodes.size();
    }
}
