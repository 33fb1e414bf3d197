package dev.banyan.cli;

import dev.banyan.balance.Server;
import dev.banyan.console.Figures;
import dev.banyan.console.Site.Fact;
import dev.banyan.console.Site.Health;
import dev.banyan.console.Site.Kind;
import dev.banyan.console.Site.Node;
import dev.banyan.control.Instance;
import dev.banyan.control.InstanceName;
import dev.banyan.control.Observed;
import dev.banyan.control.ServiceServer;
import dev.banyan.control.Wanted;
import dev.banyan.telemetry.Window;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The application's servers as the console draws them: those that run, and those that are declared and do not run yet. */
final class ServerNodes {
    private final SiteDoor door;

    ServerNodes(SiteDoor door) {
        this.door = door;
    }

    List<Node> nodes(Wanted wanted, Observed observed, Window window) {
        List<Node> nodes = new ArrayList<>();
        observed.instances().forEach(instance -> nodes.add(instance(instance, window)));
        wanted.services().forEach(service -> IntStream.rangeClosed(1, wanted.site().instances(service))
                .filter(slot -> observed.instances().stream().noneMatch(i -> i.name().service().equals(service) && i.name().slot() == slot))
                .mapToObj(slot -> declared(new InstanceName(service, slot, 1).toString(), "")).forEach(nodes::add));
        wanted.servers().forEach(server -> nodes.add(server(server, window)));
        return nodes;
    }

    private Node instance(Instance instance, Window window) {
        String name = instance.name().toString();
        Optional<Server> server = door.find(instance.name().service(), name);
        State state = state(instance, server);
        return new Node(name, "application", Kind.APPLICATION, name, instance.address().map(HostPort::toString).orElse(""), state.health(), "", state.why(),
                server.map(s -> TrafficFigures.of(s, window)), server.map(ServerNodes::facts).orElse(List.of()), Optional.of(name),
                instance.state() == Instance.State.SERVING || instance.state() == Instance.State.SET_ASIDE, false);
    }

    private Node server(ServiceServer declared, Window window) {
        String name = declared.name();
        Optional<Server> server = door.find(declared.service(), name);
        if (server.isEmpty()) {
            return declared(name, "it runs already; gets requests once the site is up");
        }
        State state = state(server.get());
        return new Node(name, "application", Kind.APPLICATION, name, declared.service().equals(Topology.APPLICATION) ? "runs already" : declared.service() + ", runs already", state.health(), "", state.why(),
                Optional.of(TrafficFigures.of(server.get(), window)), facts(server.get()), Optional.empty(), true, false);
    }

    private static Node declared(String name, String why) {
        return new Node(name, "application", Kind.APPLICATION, name, "", Health.DECLARED, "", why, Optional.<Figures>empty(), List.of(), Optional.empty(), false, false);
    }

    private static State state(Instance instance, Optional<Server> server) {
        return switch (instance.state()) {
            case STARTING -> new State(Health.STARTING, "gets requests once it is healthy");
            case SERVING -> server.map(ServerNodes::state).orElse(new State(Health.STARTING, ""));
            case SET_ASIDE -> new State(Health.DRAINING, "set aside: gets no requests until it is put back");
            case DRAINING -> new State(Health.DRAINING, "its requests in flight end");
            case LINGERING -> new State(Health.DRAINING, "carries " + server.map(Server::tunnels).orElse(0) + " upgraded connections to their end");
            case RESTARTING -> new State(Health.DOWN, "its process ended; another is on its way");
            case ENDED -> new State(Health.DOWN, "its process ended");
        };
    }

    private static State state(Server server) {
        return switch (server.state()) {
            case UNPROVEN -> new State(Health.STARTING, "gets requests after its first passed check" + failure(server));
            case HEALTHY -> new State(Health.UP, "");
            case SICK -> new State(Health.SICK, "its checks fail" + failure(server));
            case EJECTED -> new State(Health.SICK, "left alone for a while: its requests failed");
            case DRAINING -> new State(Health.DRAINING, "gets nothing new");
            case REMOVED -> new State(Health.DOWN, "gone");
        };
    }

    private static String failure(Server server) {
        return server.lastCheckFailure().isEmpty() ? "" : " (" + server.lastCheckFailure() + ")";
    }

    private static List<Fact> facts(Server server) {
        return List.of(
                new Fact("weight", Integer.toString(server.weight())),
                new Fact("first byte, average", "%.1f ms".formatted(server.responseTimeNanos() / 1e6)),
                new Fact("WebSockets", Integer.toString(server.tunnels())));
    }

    private record State(Health health, String why) {}
}
