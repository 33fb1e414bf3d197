package dev.banyan.control;

import dev.banyan.topology.Edge;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One step of a plan: what it needs, what it does, how it is undone and how long clients may wait for it. Whatever can be undone comes
 * before its leg's {@link Commit}; only stops come after.
 */
public sealed interface Step {
    /** How long clients wait for a switchover, as measured: the last of the log, a promotion, connections to the new primary. */
    Duration SWITCHOVER = Duration.ofMillis(500);

    /** Starts every server of the embedded database in its recorded role, or finds them running. */
    record StartDatabase() implements Step {}

    /** Makes a server of the database as a copy of the primary, which it follows from then on. */
    record AddReplica(String name) implements Step {}

    /** Moves the role of the primary from one server of the database to another. */
    record SwitchOver(String from, String to) implements Step {}

    /** Stops a replica and deletes its data. */
    record RemoveReplica(String name) implements Step {}

    /** Starts an embedded node of the cache, or finds it running. */
    record StartCacheNode(String name) implements Step {}

    /** Lets the cache's clients in. */
    record OpenCache(List<String> nodes) implements Step {
        public OpenCache {
            nodes = List.copyOf(nodes);
        }
    }

    /** Spreads the cache's keys over other nodes, live. */
    record SpreadCache(List<String> from, List<String> to) implements Step {
        public SpreadCache {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }
    }

    /** Waits until all that the cache has acknowledged is in the database. */
    record DrainCache(Duration atMost) implements Step {}

    /** Lets no client of the cache in any more. */
    record CloseCache(List<String> nodes) implements Step {
        public CloseCache {
            nodes = List.copyOf(nodes);
        }
    }

    /** Stops a node of the cache and deletes its data. */
    record RemoveCacheNode(String name) implements Step {}

    /** Opens an edge, or the shield; it gets no connection of the public yet. */
    record StartEdge(String name) implements Step {}

    /** Has edges ask the shield for what they do not have, or the front door. */
    record UseShield(boolean on) implements Step {}

    /** Gives new connections to these edges, and has open ones come again; without edges the front door keeps them. */
    record ArrangeEdges(List<Edge.Node> from, List<Edge.Node> to) implements Step {
        public ArrangeEdges {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }

        private static String names(List<Edge.Node> nodes) {
            return nodes.isEmpty() ? "the front door" : nodes.stream().map(node -> node.name().value()).collect(Collectors.joining(", "));
        }
    }

    /** Gives the edges other settings, without closing a connection. */
    record ReconfigureEdges(Topology from, Topology to) implements Step {}

    /** Closes an edge that gets no new connection any more, or the shield; it lives on while it has connections, and nothing waits for it. */
    record StopEdge(String name, Duration atMost) implements Step {}

    /** Starts an application process; it gets no requests yet. */
    record StartInstance(InstanceName name) implements Step {}

    /** Waits until a started instance answers its health path. */
    record AwaitHealthy(InstanceName name, Duration atMost) implements Step {}

    /** Lets the front door send requests to an instance. */
    record AddToFrontDoor(InstanceName name) implements Step {}

    /** No new requests for an instance; waits for those in flight. */
    record DrainInstance(InstanceName name, Duration atMost) implements Step {}

    /** Ends a drained instance; one that carries upgraded connections lingers until they end, and nothing waits for it. */
    record StopInstance(InstanceName name) implements Step {}

    /** Lets the front door send requests to a server that runs already. */
    record UseServer(ServiceServer server) implements Step {}

    /** Gives a server that runs already another weight. */
    record WeighServer(ServiceServer from, ServiceServer to) implements Step {}

    /** No new requests for a server that runs already; waits for those in flight, then forgets it. */
    record LeaveServer(ServiceServer server, Duration atMost) implements Step {}

    /** No new requests for a server, by its name, because a person said so; waits for those in flight. */
    record SetAside(String server, Duration atMost) implements Step {}

    /** Lets a server that was set aside have requests again. */
    record PutBack(String server) implements Step {}

    /** Gives the front door other settings, without closing a connection. */
    record ReconfigureFrontDoor(Topology from, Topology to) implements Step {}

    /** Records that this leg stands: after it there is no way back, only on. */
    record Commit() implements Step {}

    /** What it does, as an order: {@code start web-2}. */
    default String does() {
        return switch (this) {
            case StartDatabase() -> "start the database";
            case AddReplica(var name) -> "make " + name + " as a copy of the database that follows it";
            case SwitchOver(var from, var to) -> "switch over from " + from + " to " + to;
            case RemoveReplica(var name) -> "stop " + name + " and delete its data";
            case StartCacheNode(var name) -> "start " + name;
            case OpenCache(var nodes) -> "open the cache router" + (nodes.isEmpty() ? "" : " over " + String.join(", ", nodes));
            case SpreadCache(_, var nodes) -> "spread the cache's keys over " + String.join(", ", nodes);
            case DrainCache(var atMost) -> "wait until the cache's journal is in the database, at most " + Told.time(atMost);
            case CloseCache(_) -> "close the cache router";
            case RemoveCacheNode(var name) -> "stop " + name + " and delete its data";
            case StartEdge(var name) -> "start " + name;
            case UseShield(var on) -> on ? "have the edges ask the shield" : "have the edges ask the front door";
            case ArrangeEdges(_, var nodes) -> "give new connections to " + ArrangeEdges.names(nodes) + ", and have open ones come again";
            case ReconfigureEdges(_, _) -> "give the edges their new settings";
            case StopEdge(var name, _) -> "stop " + name + " when its last connection ends";
            case StartInstance(var name) -> "start " + name;
            case AwaitHealthy(var name, var atMost) -> "wait until " + name + " is healthy, at most " + Told.time(atMost);
            case AddToFrontDoor(var name) -> "send requests to " + name;
            case DrainInstance(var name, var atMost) -> "drain " + name + ", at most " + Told.time(atMost);
            case StopInstance(var name) -> "stop " + name;
            case UseServer(var server) -> "send requests to " + server;
            case WeighServer(var from, var to) -> "change the weight of " + to + " from " + from.server().weight() + " to " + to.server().weight();
            case LeaveServer(var server, var atMost) -> "drain and leave " + server + ", at most " + Told.time(atMost);
            case SetAside(var server, var atMost) -> "drain " + server + " and set it aside, at most " + Told.time(atMost);
            case PutBack(var server) -> "send requests to " + server + " again";
            case ReconfigureFrontDoor(_, _) -> "give the front door its new settings";
            case Commit() -> "commit";
        };
    }

    /** What must be there before. */
    default String needs() {
        return switch (this) {
            case StartDatabase() -> "its folder in .banyan/ and a free port";
            case AddReplica(_) -> "room on the disk for another copy of the database, a free port";
            case SwitchOver(_, var to) -> to + " following";
            case RemoveReplica(var name) -> name + " not the primary";
            case StartCacheNode(_) -> "memory for it, a free port";
            case OpenCache(_) -> "its nodes, its port free, the database";
            case SpreadCache(_, var nodes) -> String.join(", ", nodes) + " started";
            case DrainCache(_) -> "a database that takes writes";
            case CloseCache(_) -> "no instance that uses it, its journal empty";
            case RemoveCacheNode(var name) -> name + " not used";
            case StartEdge(_) -> "memory for it, its folder in .banyan/ where it has a disk, the front door";
            case UseShield(var on) -> on ? "the shield started" : "the front door";
            case ArrangeEdges(_, var nodes) -> nodes.isEmpty() ? "the front door" : ArrangeEdges.names(nodes) + " started";
            case ReconfigureEdges(_, _) -> "settings that can change while they run";
            case StopEdge(var name, _) -> name + " without new connections";
            case StartInstance(_) -> "the application's command, the database, a free port";
            case AwaitHealthy(var name, _) -> name + " started";
            case AddToFrontDoor(var name) -> name + " healthy";
            case DrainInstance(var name, _) -> "the others serving in place of " + name;
            case StopInstance(var name) -> name + " drained";
            case UseServer(var server) -> "a server at " + server;
            case WeighServer(_, var to) -> to + " in use";
            case LeaveServer(var server, _) -> "the others serving in place of " + server;
            case SetAside(var server, _) -> "the others serving in place of " + server;
            case PutBack(var server) -> server + " healthy";
            case ReconfigureFrontDoor(_, _) -> "settings that can change while it listens";
            case Commit() -> "every step before it";
        };
    }

    /** How it is undone. */
    default String undo() {
        return switch (this) {
            case StartDatabase() -> "stop the database";
            case AddReplica(var name) -> "stop " + name + " and delete its data";
            case SwitchOver(var from, _) -> "switch back to " + from;
            case StartCacheNode(var name) -> "stop " + name;
            case OpenCache(_) -> "close the cache router";
            case SpreadCache(var nodes, _) -> "spread the cache's keys over " + String.join(", ", nodes) + " again";
            case DrainCache(_) -> "nothing to undo";
            case CloseCache(_) -> "open the cache router again";
            case StartEdge(var name) -> "stop " + name;
            case UseShield(var on) -> on ? "have the edges ask the front door again" : "have the edges ask the shield again";
            case ArrangeEdges(var nodes, _) -> "give new connections to " + ArrangeEdges.names(nodes) + " again";
            case ReconfigureEdges(_, _) -> "give the edges their old settings";
            case StartInstance(var name) -> "stop " + name;
            case AwaitHealthy(_, _) -> "nothing to undo";
            case AddToFrontDoor(var name) -> "drain " + name;
            case DrainInstance(var name, _) -> "send requests to " + name + " again";
            case UseServer(var server) -> "drain and leave " + server;
            case WeighServer(var from, _) -> "give " + from + " the weight " + from.server().weight() + " again";
            case LeaveServer(var server, _) -> "send requests to " + server + " again";
            case SetAside(var server, _) -> "send requests to " + server + " again";
            case PutBack(var server) -> "set " + server + " aside";
            case ReconfigureFrontDoor(_, _) -> "give the front door its old settings";
            case RemoveReplica(_), RemoveCacheNode(_), StopEdge(_, _), StopInstance(_), Commit() -> "cannot be undone";
        };
    }

    /** How long a client's request may have to wait because of it. */
    default Duration clientsWait() {
        return this instanceof SwitchOver ? SWITCHOVER : Duration.ZERO;
    }
}
