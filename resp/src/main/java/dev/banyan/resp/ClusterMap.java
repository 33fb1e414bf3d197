package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.Slots;
import dev.banyan.topology.HostPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Redis Cluster as one of its nodes tells it.
 *
 * @param layout the primaries, in the order of their addresses, and the slots of each
 * @param replicas of each primary, by its index there
 */
record ClusterMap(Layout.Slots layout, List<List<Node>> replicas) {
    /** As many as Redis itself advises. */
    private static final int MOST_NODES = 1_000;

    private static final Comparator<HostPort> BY_ADDRESS = Comparator.comparing(HostPort::host).thenComparingInt(HostPort::port);

    ClusterMap {
        replicas = replicas.stream().map(List::copyOf).toList();
    }

    /** The name of a node that has none of its own: its address. */
    static Node node(HostPort address) {
        return new Node(address.toString(), address);
    }

    /**
     * Reads the answer to CLUSTER SLOTS. (Not CLUSTER SHARDS: that is not known before version 7, and gives the ports for connections with and
     * without TLS where this gives the one that fits the connection it is asked on.)
     *
     * @param asked the node that answered: it leaves out its host when it does not know it
     * @throws IllegalArgumentException when it is no such answer; the message says what is wrong with it
     */
    static ClusterMap of(Reply answer, HostPort asked) {
        if (answer instanceof Reply.Failure failure) {
            throw new IllegalArgumentException(failure.text());
        }
        List<Reply> ranges = items(answer, "the answer");
        if (ranges.size() > Slots.COUNT) {
            throw new IllegalArgumentException("there are " + ranges.size() + " ranges of slots, and only " + Slots.COUNT + " slots");
        }
        Gathered gathered = new Gathered(asked);
        ranges.forEach(range -> gathered.add(items(range, "a range of slots")));
        return gathered.map();
    }

    /** The same, but that a slot belongs to another node: of what a MOVED tells before the slots are read anew. Itself when that has it already or is none of the primaries. */
    ClusterMap moved(int slot, HostPort to) {
        int owner = layout.nodes().indexOf(node(to));
        if (owner < 0 || layout.owners()[slot] == owner) {
            return this;
        }
        short[] owners = layout.owners().clone();
        owners[slot] = (short) owner;
        return new ClusterMap(new Layout.Slots(layout.nodes(), owners), replicas);
    }

    /** How many slots have an owner. */
    int covered() {
        int covered = 0;
        for (short owner : layout.owners()) {
            covered += owner < 0 ? 0 : 1;
        }
        return covered;
    }

    /** How many slots belong to another node than before. */
    int movedSince(ClusterMap before) {
        int moved = 0;
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            moved += ownerOf(slot) == null ? before.ownerOf(slot) == null ? 0 : 1 : ownerOf(slot).equals(before.ownerOf(slot)) ? 0 : 1;
        }
        return moved;
    }

    boolean sameAs(ClusterMap other) {
        return layout.nodes().equals(other.layout.nodes()) && Arrays.equals(layout.owners(), other.layout.owners()) && replicas.equals(other.replicas);
    }

    private Node ownerOf(int slot) {
        short owner = layout.owners()[slot];
        return owner < 0 ? null : layout.nodes().get(owner);
    }

    private static List<Reply> items(Reply reply, String what) {
        if (reply instanceof Reply.Array(List<Reply> items)) {
            return items;
        }
        throw new IllegalArgumentException(what + " is no array");
    }

    /** What the ranges say, as it is read. */
    private static final class Gathered {
        private final HostPort asked;
        private final HostPort[] owners = new HostPort[Slots.COUNT];
        private final Map<HostPort, List<Node>> replicas = new TreeMap<>(BY_ADDRESS);
        private int nodes;

        Gathered(HostPort asked) {
            this.asked = asked;
        }

        /** One range: its first and last slot, its primary, its replicas. */
        void add(List<Reply> range) {
            if (range.size() < 2) {
                throw new IllegalArgumentException("a range of slots has " + range.size() + " parts");
            }
            int first = number(range.get(0), Slots.COUNT - 1, "a slot");
            int last = number(range.get(1), Slots.COUNT - 1, "a slot");
            if (last < first) {
                throw new IllegalArgumentException("a range of slots goes from " + first + " to " + last);
            }
            List<Node> members = new ArrayList<>();
            range.subList(2, range.size()).forEach(member -> read(items(member, "a node"), members));
            if (members.isEmpty()) {
                return;
            }
            HostPort primary = members.getFirst().address();
            Arrays.fill(owners, first, last + 1, primary);
            if (replicas.put(primary, members.subList(1, members.size())) == null && (nodes += members.size()) > MOST_NODES) {
                throw new IllegalArgumentException("there are more than " + MOST_NODES + " nodes");
            }
        }

        /** A node's host (none: that of the node that was asked; unknown: {@code ?}) and port, and more that does not matter here. */
        private void read(List<Reply> member, List<Node> into) {
            if (member.size() < 2) {
                throw new IllegalArgumentException("a node has " + member.size() + " parts");
            }
            int port = number(member.get(1), 65_535, "a port");
            String host = switch (member.getFirst()) {
                case Reply.Bulk bulk when bulk.bytes().length <= 253 -> bulk.text();
                case Reply.Null _ -> "";
                default -> throw new IllegalArgumentException("a node's host is no text of at most 253 bytes");
            };
            if (port > 0 && !host.equals("?")) {
                into.add(node(new HostPort(host.isBlank() ? asked.host() : host, port)));
            }
        }

        private static int number(Reply reply, int most, String what) {
            if (reply instanceof Reply.Number(long value) && value >= 0 && value <= most) {
                return (int) value;
            }
            throw new IllegalArgumentException(what + " is no number from 0 to " + most);
        }

        ClusterMap map() {
            List<HostPort> primaries = List.copyOf(replicas.keySet());
            Map<HostPort, Integer> index = new TreeMap<>(BY_ADDRESS);
            primaries.forEach(primary -> index.put(primary, index.size()));
            short[] indices = new short[Slots.COUNT];
            for (int slot = 0; slot < indices.length; slot++) {
                indices[slot] = owners[slot] == null ? -1 : index.get(owners[slot]).shortValue();
            }
            return new ClusterMap(new Layout.Slots(primaries.stream().map(ClusterMap::node).toList(), indices), List.copyOf(replicas.values()));
        }
    }
}
