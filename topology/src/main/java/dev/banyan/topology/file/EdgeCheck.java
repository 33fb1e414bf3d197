package dev.banyan.topology.file;

import dev.banyan.topology.Edge;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold between the keys of the edges. */
record EdgeCheck(Topology site, Findings findings) {
    /** Names that something else has already, in the console and in metrics. */
    private static final Set<String> TAKEN = Set.of("shield", "front-door", "users", "application");
    private static final long LEAST_DISK = 16L << 20;

    void check() {
        Edge edge = site.edge();
        names(edge.nodes());
        networks(edge.nodes());
        space(edge);
        if (edge.shield() && findings.given("edge.shield") && edge.running().size() == 1 && edge.remote().isEmpty() && !findings.bad("edge.nodes")) {
            findings.warning("edge.shield", "has little to do before one edge: it is for several in edge.nodes, or those that join at edge.remote");
        }
    }

    private void names(List<Edge.Node> nodes) {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            String path = path(i) + ".name";
            String name = nodes.get(i).name().value();
            if (findings.bad(path) || findings.bad(path(i))) {
                continue;
            }
            if (TAKEN.contains(name)) {
                problem(path, "is '" + name + "', which something else is called: choose another, as edge-" + (i + 1));
            }
            Integer other = first.putIfAbsent(name, i);
            if (other != null) {
                problem(path, "is '" + name + "', the name of " + path(other) + " already: choose another");
            }
        }
    }

    /** One range at two edges leaves open who is meant. */
    private void networks(List<Edge.Node> nodes) {
        Map<String, String> first = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            List<String> networks = nodes.get(i).networks();
            for (int j = 0; j < networks.size(); j++) {
                String path = path(i) + ".networks[" + j + "]";
                String other = findings.bad(path) ? null : first.putIfAbsent(networks.get(j), path);
                if (other != null) {
                    problem(path, "is " + networks.get(j) + ", which " + other + " has already: give it to one edge");
                }
            }
        }
    }

    private void space(Edge edge) {
        long disk = edge.disk().bytes();
        if (disk > 0 && disk < LEAST_DISK) {
            problem("edge.disk", "is " + edge.disk() + ": give at least 16MiB, or 0B for none");
        }
        long room = Math.max(edge.memory().bytes(), disk);
        boolean known = !findings.bad("edge.memory") && !findings.bad("edge.disk") && !findings.bad("edge.object");
        if (known && findings.given("edge.object") && edge.object().bytes() > room) {
            findings.warning("edge.object", "is " + edge.object() + ", more than the " + (disk > edge.memory().bytes() ? "disk of " + edge.disk() : "memory of " + edge.memory())
                    + " that an edge has: nothing as large is ever stored");
        }
    }

    /** What the file asks for that its stage does not do yet. */
    void stage() {
        Stage stage = site.stage();
        if (stage.atLeast(Stage.CDN)) {
            return;
        }
        for (String path : List.of("edge.nodes", "edge.remote")) {
            if (findings.given(path) && !findings.bad(path)) {
                findings.warning(path, "is for edges, but stage " + stage.number() + " runs none; they run from stage 6: write stage: 6, or 'banyan grow'");
            }
        }
    }

    private static String path(int node) {
        return "edge.nodes[" + node + "]";
    }

    private void problem(String path, String message) {
        if (!findings.bad(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
