package dev.banyan.cli;

import dev.banyan.console.Site.Arrow;
import dev.banyan.console.Site.Fact;
import dev.banyan.console.Site.Health;
import dev.banyan.console.Site.Kind;
import dev.banyan.console.Site.Node;
import dev.banyan.engines.RedisServers;
import dev.banyan.engines.RunningRedis;
import dev.banyan.resp.RespRouter;
import dev.banyan.telemetry.Window;
import dev.banyan.topology.Cache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cache router and the nodes behind it as the console draws them. */
final class CachePicture {
    static final String ROUTER = "cache";
    private static final String DATA = "data";
    private static final String REDIS = "Redis";

    private final RespRouter router;
    private final SiteCache site;
    private final RedisServers embedded;
    private final Cache cache;
    private final CacheFigures figures;

    CachePicture(RespRouter router, SiteCache site, RedisServers embedded, Cache cache, Window window) {
        this.router = router;
        this.site = site;
        this.embedded = embedded;
        this.cache = cache;
        this.figures = new CacheFigures(window);
    }

    Node router() {
        List<Fact> facts = new ArrayList<>(List.of(new Fact("clients", Long.toString(figures.clients())), new Fact("reads", figures.hitRatio()),
                new Fact("answered by the router's own copies", figures.nearShare() + ", " + figures.nearBytes() / 1024 + " KiB")));
        facts.addAll(site.facts());
        List<dev.banyan.resp.Node> down = router.down();
        String why = down.isEmpty() ? "" : String.join(", ", down.stream().map(dev.banyan.resp.Node::name).toList()) + " cannot be reached: its keys are answered as missing";
        return new Node(ROUTER, "router", Kind.ROUTER, "cache router", router.address().toString(), Health.UP, figures.hitRatio(), why, Optional.of(figures.all()), facts,
                Optional.empty(), false, false);
    }

    /** The nodes that Banyan runs, or those of cache.url. */
    List<Node> nodes() {
        return cache.url().isPresent() ? router.nodes().stream().map(this::attached).toList() : embedded.running().stream().map(this::node).toList();
    }

    private Node node(RunningRedis node) {
        String name = node.name();
        boolean down = !node.alive() || router.down().stream().anyMatch(other -> other.name().equals(name));
        String why = node.alive() ? "" : node.lastEnd().map(end -> end + "; it is started again").orElse("it is being started");
        return new Node(name, DATA, Kind.CACHE, name, figures.memory(name, cache.memory().bytes()), down ? Health.DOWN : Health.UP, "%,d keys".formatted(figures.keys(name)), why,
                Optional.of(figures.of(name)), List.of(new Fact("version", node.version()), new Fact("address", node.address().toString()),
                new Fact("given up for want of memory", "%,d".formatted(figures.evicted(name)))), Optional.of(name), false, false);
    }

    private Node attached(dev.banyan.resp.Node node) {
        boolean down = router.down().contains(node);
        return new Node(node.name(), DATA, Kind.CACHE, node.name(), "runs already", down ? Health.DOWN : Health.UP, "", down ? "it cannot be reached" : "", Optional.empty(),
                List.of(new Fact("address", node.address().toString())), Optional.empty(), false, false);
    }

    /** From the application servers to the router, from there to its nodes, and to the database where keys are declared. */
    List<Arrow> arrows(List<Node> applications, List<Node> nodes, boolean database) {
        List<Arrow> arrows = new ArrayList<>();
        applications.forEach(server -> arrows.add(new Arrow(server.id(), ROUTER, REDIS, applications.size() == 1 ? Optional.of(figures.all()) : Optional.empty())));
        nodes.forEach(node -> arrows.add(new Arrow(ROUTER, node.id(), REDIS, node.figures())));
        if (database && !cache.keys().isEmpty()) {
            arrows.add(new Arrow(ROUTER, DatabaseNodes.ROUTER, "PostgreSQL", Optional.empty()));
        }
        return arrows;
    }
}
