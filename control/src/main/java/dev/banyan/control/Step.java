package dev.banyan.control;

import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Topology;
import java.time.Duration;

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
    record UseServer(ServerUrl server) implements Step {}

    /** Gives a server that runs already another weight. */
    record WeighServer(ServerUrl from, ServerUrl to) implements Step {}

    /** No new requests for a server that runs already; waits for those in flight, then forgets it. */
    record LeaveServer(ServerUrl server, Duration atMost) implements Step {}

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
            case StartInstance(var name) -> "start " + name;
            case AwaitHealthy(var name, var atMost) -> "wait until " + name + " is healthy, at most " + Told.time(atMost);
            case AddToFrontDoor(var name) -> "send requests to " + name;
            case DrainInstance(var name, var atMost) -> "drain " + name + ", at most " + Told.time(atMost);
            case StopInstance(var name) -> "stop " + name;
            case UseServer(var server) -> "send requests to " + server.url();
            case WeighServer(var from, var to) -> "change the weight of " + to.url() + " from " + from.weight() + " to " + to.weight();
            case LeaveServer(var server, var atMost) -> "drain and leave " + server.url() + ", at most " + Told.time(atMost);
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
            case StartInstance(_) -> "the application's command, the database, a free port";
            case AwaitHealthy(var name, _) -> name + " started";
            case AddToFrontDoor(var name) -> name + " healthy";
            case DrainInstance(var name, _) -> "the others serving in place of " + name;
            case StopInstance(var name) -> name + " drained";
            case UseServer(var server) -> "a server at " + server.url();
            case WeighServer(_, var to) -> to.url() + " in use";
            case LeaveServer(var server, _) -> "the others serving in place of " + server.url();
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
            case StartInstance(var name) -> "stop " + name;
            case AwaitHealthy(_, _) -> "nothing to undo";
            case AddToFrontDoor(var name) -> "drain " + name;
            case DrainInstance(var name, _) -> "send requests to " + name + " again";
            case UseServer(var server) -> "drain and leave " + server.url();
            case WeighServer(var from, _) -> "give " + from.url() + " the weight " + from.weight() + " again";
            case LeaveServer(var server, _) -> "send requests to " + server.url() + " again";
            case SetAside(var server, _) -> "send requests to " + server + " again";
            case PutBack(var server) -> "set " + server + " aside";
            case ReconfigureFrontDoor(_, _) -> "give the front door its old settings";
            case RemoveReplica(_), StopInstance(_), Commit() -> "cannot be undone";
        };
    }

    /** How long a client's request may have to wait because of it. */
    default Duration clientsWait() {
        return this instanceof SwitchOver ? SWITCHOVER : Duration.ZERO;
    }
}
