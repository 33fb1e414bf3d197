package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.console.Site.Arrow;
import dev.banyan.console.Site.Fact;
import dev.banyan.console.Site.Health;
import dev.banyan.console.Site.Kind;
import dev.banyan.console.Site.Node;
import dev.banyan.control.database.DatabaseStatus;
import dev.banyan.control.database.DatabaseStatus.Condition;
import dev.banyan.postgres.Cluster;
import dev.banyan.postgres.Member;
import dev.banyan.telemetry.Window;
import dev.banyan.topology.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The PostgreSQL router and the servers behind it as the console draws them. */
final class DatabaseNodes {
    static final String ROUTER = "router";
    private static final String DATA = "data";

    private final SiteRouter router;
    private final DatabaseFigures figures;
    private final int poolSize;

    /** @param poolSize the most connections to a server for each user and database */
    DatabaseNodes(SiteRouter router, Window window, int poolSize) {
        this.router = router;
        this.figures = new DatabaseFigures(window);
        this.poolSize = poolSize;
    }

    Node router() {
        boolean served = router.cluster().primary().isPresent();
        return new Node(ROUTER, ROUTER, Kind.ROUTER, "router", router.address().toString(), Health.UP, figures.clients() + (figures.clients() == 1 ? " client" : " clients"),
                served ? "" : "there is no primary now: statements that may write wait", Optional.of(figures.all()),
                List.of(new Fact("clients", Long.toString(figures.clients())), new Fact("waiting for a connection", Long.toString(figures.waiting()))), Optional.empty(), false, false);
    }

    /** The servers that Banyan runs, or those that it follows. */
    List<Node> servers(Optional<DatabaseStatus> embedded, Optional<String> version) {
        return embedded.map(status -> status.servers().stream().map(server -> server(server, version)).toList()).orElseGet(this::followed);
    }

    private Node server(DatabaseStatus.Server server, Optional<String> version) {
        boolean leads = server.condition() == Condition.PRIMARY;
        List<Fact> facts = new ArrayList<>(facts(server.name(), server.address()));
        version.ifPresent(number -> facts.addFirst(new Fact("version", "PostgreSQL " + number)));
        return new Node(server.name(), DATA, leads ? Kind.DATABASE : Kind.REPLICA, server.name(), does(server), health(server.condition()), gauge(server.name()), server.trouble(),
                Optional.of(figures.of(server.name(), router.cluster())), facts, Optional.of(server.name()), false, server.condition() == Condition.REPLICA);
    }

    private String does(DatabaseStatus.Server server) {
        return switch (server.condition()) {
            case PRIMARY -> "primary";
            case REPLICA -> "replica, " + figures.behind(server.name());
            case COMING -> "being copied";
            case LOST -> "lost";
            case GOING -> "leaving";
        };
    }

    private static Health health(Condition condition) {
        return switch (condition) {
            case PRIMARY, REPLICA -> Health.UP;
            case COMING -> Health.STARTING;
            case LOST -> Health.DOWN;
            case GOING -> Health.DRAINING;
        };
    }

    private List<Node> followed() {
        Cluster now = router.cluster();
        List<Node> nodes = new ArrayList<>();
        now.primary().ifPresent(primary -> nodes.add(followed(primary, Kind.DATABASE, "primary")));
        now.replicas().forEach(replica -> nodes.add(followed(replica, Kind.REPLICA, "replica, " + figures.behind(replica.name()))));
        return nodes;
    }

    private Node followed(Member member, Kind kind, String does) {
        return new Node(member.name(), DATA, kind, member.name(), does, Health.UP, gauge(member.name()), "", Optional.of(figures.of(member.name(), router.cluster())),
                facts(member.name(), Optional.of(member.address())), Optional.empty(), false, false);
    }

    private String gauge(String name) {
        return figures.busy(name) + " of " + poolSize + " busy";
    }

    private List<Fact> facts(String name, Optional<HostPort> address) {
        List<Fact> facts = new ArrayList<>();
        address.ifPresent(at -> facts.add(new Fact("address", at.toString())));
        figures.lagBytes(name).ifPresent(bytes -> facts.add(new Fact("behind", "%,d bytes, ".formatted(bytes) + figures.lag(name))));
        facts.add(new Fact("connections", figures.open(name) + " open, " + figures.busy(name) + " busy, at most " + poolSize + " a user"));
        facts.add(new Fact("waiting for one", Long.toString(figures.waitingFor(name))));
        return facts;
    }

    /** From the router to each server that it uses, and from the primary to its replicas. */
    List<Arrow> arrows() {
        Cluster now = router.cluster();
        List<Arrow> arrows = new ArrayList<>();
        router.members().forEach(member -> arrows.add(new Arrow(ROUTER, member.name(), "PostgreSQL", Optional.of(figures.of(member.name(), now)))));
        now.primary().ifPresent(primary -> now.replicas().forEach(replica -> arrows.add(Arrow.replication(primary.name(), replica.name()))));
        return arrows;
    }

    /** From the one application server there is, all that the router gets; of several it is not known who sent what. */
    Optional<Figures> fromApplications(int servers) {
        return servers == 1 ? Optional.of(figures.all()) : Optional.empty();
    }
}
