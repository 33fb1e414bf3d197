package dev.banyan.control;

import dev.banyan.control.Door.Drained;
import dev.banyan.control.Instance.State;
import dev.banyan.control.Observed.Databases;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.topology.Application;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Does and undoes single steps through the ports, and keeps the roster true. Everything here may be done twice. Used by the {@link Mover} alone. */
final class Doing {
    private final Roster roster;
    private final Ports ports;
    private final DatabaseCluster database;
    private final Supervisor supervisor;
    private final Lingering lingering;
    private final CacheDoing cache;
    private final EdgeDoing edges;
    private final Consumer<String> notices;

    Doing(Roster roster, Ports ports, DatabaseCluster database, Supervisor supervisor, Consumer<String> notices) {
        this.roster = roster;
        this.ports = ports;
        this.database = database;
        this.supervisor = supervisor;
        this.lingering = new Lingering(roster, ports);
        this.cache = new CacheDoing(roster, ports.cache());
        this.edges = new EdgeDoing(roster, ports.edges());
        this.notices = notices;
    }

    /** @throws BanyanException when it cannot be done; then {@link #undo} of the same step cleans up what it began */
    void perform(Step step, Wanted to) throws InterruptedException {
        switch (step) {
            case Step.StartDatabase() -> startDatabase(to);
            case Step.AddReplica(var name) -> database.add(name, notices);
            case Step.SwitchOver(_, var next) -> switchOver(next);
            case Step.RemoveReplica(var name) -> database.remove(name);
            case Step.StartCacheNode(var name) -> cache.start(name);
            case Step.OpenCache(var nodes) -> cache.open(nodes);
            case Step.SpreadCache(_, var nodes) -> cache.spread(nodes);
            case Step.DrainCache(var atMost) -> cache.drain(atMost);
            case Step.CloseCache(_) -> cache.close();
            case Step.RemoveCacheNode(var name) -> cache.remove(name);
            case Step.StartEdge(var name) -> edges.start(name, to.site());
            case Step.UseShield(var on) -> edges.shield(on);
            case Step.ArrangeEdges(_, var nodes) -> edges.arrange(nodes);
            case Step.ReconfigureEdges(_, var site) -> edges.reconfigure(site);
            case Step.StopEdge(var name, var atMost) -> edges.stop(name, atMost);
            case Step.StartInstance(var name) -> start(name, to);
            case Step.AwaitHealthy(var name, _) -> ports.instances().awaitHealthy(name);
            case Step.AddToFrontDoor(var name) -> add(name);
            case Step.DrainInstance(var name, var atMost) -> drain(name, atMost);
            case Step.StopInstance(var name) -> stop(name, to.site().frontDoor().drain().tunnels());
            case Step.UseServer(var server) -> use(server, to.site());
            case Step.WeighServer(_, var server) -> use(server, to.site());
            case Step.LeaveServer(var server, var atMost) -> leave(server, atMost);
            case Step.SetAside(var server, var atMost) -> setAside(server, atMost);
            case Step.PutBack(var server) -> putBack(server);
            case Step.ReconfigureFrontDoor(_, var site) -> ports.door().reconfigure(site);
            case Step.Commit() -> {
                roster.change(was -> was.as(to.site()));
                database.keep(to.site().replicas());
            }
        }
    }

    void undo(Step step) throws InterruptedException {
        switch (step) {
            case Step.StartDatabase() -> stopDatabase();
            case Step.AddReplica(var name) -> database.remove(name);
            case Step.SwitchOver(var from, _) -> switchOver(from);
            case Step.StartCacheNode(var name) -> cache.stop(name);
            case Step.OpenCache(_) -> cache.close();
            case Step.SpreadCache(var nodes, _) -> cache.spread(nodes);
            case Step.DrainCache(_) -> { /* what is in the database stays there */ }
            case Step.CloseCache(var nodes) -> cache.open(nodes);
            case Step.StartEdge(var name) -> edges.stop(name, Duration.ZERO);
            case Step.UseShield(var on) -> edges.shield(!on);
            case Step.ArrangeEdges(var nodes, _) -> edges.arrange(nodes);
            case Step.ReconfigureEdges(var before, _) -> edges.reconfigure(before);
            case Step.StartInstance(var name) -> end(name);
            case Step.AwaitHealthy(_, _) -> { /* looked only */ }
            case Step.AddToFrontDoor(var name) -> takeBack(name);
            case Step.DrainInstance(var name, _) -> serveAgain(name);
            case Step.UseServer(var server) -> leave(server, drainTime());
            case Step.WeighServer(var server, _) -> useAgain(server);
            case Step.LeaveServer(var server, _) -> useAgain(server);
            case Step.SetAside(var server, _) -> putBack(server);
            case Step.PutBack(var server) -> setAside(server, drainTime());
            case Step.ReconfigureFrontDoor(var before, _) -> ports.door().reconfigure(before);
            case Step.RemoveReplica(_), Step.RemoveCacheNode(_), Step.StopEdge(_, _), Step.StopInstance(_), Step.Commit() -> throw new IllegalStateException("'" + step.does() + "' cannot be undone");
        }
    }

    private void startDatabase(Wanted to) throws InterruptedException {
        database.start(to.site().database().failover());
        roster.change(was -> was.with(new Databases(true, was.database().record())));
    }

    private void stopDatabase() throws InterruptedException {
        database.stop();
        roster.change(was -> was.with(new Databases(false, was.database().record())));
    }

    /** A failover may have done it already. */
    private void switchOver(String to) throws InterruptedException {
        if (!database.primary().equals(Optional.of(to))) {
            database.switchOver(Optional.of(to), notices);
        }
    }

    private void start(InstanceName name, Wanted to) {
        Application application = to.site().applications().get(name.service());
        roster.put(new Instance(name, application, to.site().caches(), Optional.empty(), State.STARTING));
        HostPort address = supervisor.start(name, application, to.site().caches());
        roster.change(was -> was.instance(name).map(i -> was.with(i.at(address))).orElse(was));
    }

    private void add(InstanceName name) {
        synchronized (roster) {
            Instance instance = roster.now().instance(name).orElseThrow();
            if (instance.state() != State.STARTING) {
                throw new BanyanException(ErrorCode.APPLICATION_FAILED, name + " ended before it could get requests; see: banyan logs " + name);
            }
            roster.set(name, State.SERVING);
            ports.door().service(name.service(), instance.application().healthPath());
            ports.door().add(name.service(), name.toString(), instance.address().orElseThrow(), 1, true);
        }
    }

    /** A restart that is under way sees that its instance is no longer wanted. */
    private void drain(InstanceName name, Duration atMost) throws InterruptedException {
        synchronized (roster) {
            State was = roster.state(name);
            roster.set(name, was == State.SERVING || was == State.SET_ASIDE ? State.DRAINING : State.ENDED);
        }
        notice(name.toString(), ports.door().drain(name.service(), name.toString(), atMost), atMost);
    }

    private void serveAgain(InstanceName name) {
        synchronized (roster) {
            switch (roster.state(name)) {
                case DRAINING -> {
                    roster.set(name, State.SERVING);
                    ports.door().add(name.service(), name.toString(), roster.now().instance(name).orElseThrow().address().orElseThrow(), 1, true);
                }
                case ENDED -> supervisor.revive(name);
                case STARTING, SERVING, SET_ASIDE, LINGERING, RESTARTING -> { /* it was not drained */ }
            }
        }
    }

    private void takeBack(InstanceName name) throws InterruptedException {
        roster.set(name, State.DRAINING);
        ports.door().drain(name.service(), name.toString(), drainTime());
        ports.door().remove(name.service(), name.toString());
    }

    private void stop(InstanceName name, Duration tunnelTime) {
        int tunnels = ports.door().tunnels(name.service(), name.toString());
        if (tunnels > 0 && roster.state(name) == State.DRAINING) {
            notices.accept(name + " lingers: it carries " + Told.count(tunnels, "upgraded connection") + " to the end, for at most " + Told.time(tunnelTime));
            lingering.begin(name, tunnelTime);
            return;
        }
        end(name);
    }

    private void end(InstanceName name) {
        ports.door().remove(name.service(), name.toString());
        roster.remove(name);
        ports.instances().stop(name);
    }

    private void setAside(String server, Duration atMost) throws InterruptedException {
        synchronized (roster) {
            roster.now().called(server).filter(i -> i.state() == State.SERVING).ifPresent(i -> roster.set(i.name(), State.SET_ASIDE));
        }
        for (String service : servicesOf(server)) {
            notice(server, ports.door().drain(service, server, atMost), atMost);
        }
    }

    /** An address may be that of servers of several. */
    private List<String> servicesOf(String server) {
        Observed now = roster.now();
        return Stream.concat(now.called(server).stream().map(i -> i.name().service()), now.servers().stream().filter(s -> s.name().equals(server)).map(ServiceServer::service)).toList();
    }

    /** An instance shows first that it is healthy; a server that runs already is checked by the front door. */
    private void putBack(String server) throws InterruptedException {
        Optional<Instance> aside = roster.now().called(server).filter(i -> i.state() == State.SET_ASIDE);
        if (aside.isPresent()) {
            ports.instances().awaitHealthy(aside.get().name());
            synchronized (roster) {
                roster.set(aside.get().name(), State.SERVING);
                ports.door().add(aside.get().name().service(), server, aside.get().address().orElseThrow(), 1, true);
            }
        }
        roster.now().servers().stream().filter(s -> s.name().equals(server)).forEach(this::useAgain);
    }

    private void use(ServiceServer server, Topology site) {
        ports.door().service(server.service(), site.applications().get(server.service()).healthPath());
        useAgain(server);
    }

    private void useAgain(ServiceServer server) {
        ports.door().add(server.service(), server.name(), server.server().url(), server.server().weight(), false);
        roster.change(was -> was.using(server));
    }

    private void leave(ServiceServer server, Duration atMost) throws InterruptedException {
        notice(server.name(), ports.door().drain(server.service(), server.name(), atMost), atMost);
        ports.door().remove(server.service(), server.name());
        roster.change(was -> was.notUsing(server));
    }

    private void notice(String server, Drained drained, Duration atMost) {
        if (drained.inFlight() > 0) {
            notices.accept(server + " still has " + Told.count(drained.inFlight(), "request") + " in flight after " + Told.time(atMost)
                    + " (front-door.drain.requests); they are cut off");
        }
    }

    private Duration drainTime() {
        return roster.now().site().map(s -> s.frontDoor().drain().requests()).orElse(Duration.ZERO);
    }
}
