package dev.banyan.drill.site;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A running site at one moment, as far as a drill looks.
 *
 * @param name the site's
 * @param stage its number
 * @param nodes all of them, declared ones too
 * @param arrows who asks whom
 */
public record SiteState(String name, int stage, List<Node> nodes, List<Arrow> arrows) {
    public SiteState {
        nodes = List.copyOf(nodes);
        arrows = List.copyOf(arrows);
    }

    /**
     * A node.
     *
     * @param kind as the admin API calls it: {@code application}
     * @param health as the admin API calls it: {@code up}
     * @param process the id of its process; 0 when it has none of its own, or that is not known
     */
    public record Node(String id, String kind, String health, long process) {
        public boolean up() {
            return health.equals("up");
        }
    }

    /** From a node's id to another's. */
    public record Arrow(String from, String to) {}

    /** Those of a kind that are up. */
    public Stream<Node> up(String kind) {
        return nodes.stream().filter(node -> node.kind().equals(kind) && node.up());
    }

    public Optional<Node> node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
    }
}
