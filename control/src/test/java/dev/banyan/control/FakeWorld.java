package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.control.database.DatabasePorts;
import dev.banyan.net.Clock;
import dev.banyan.topology.Application;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Processes, a front door and a clock in memory. Every call is written down; {@link #failWhen} makes calls fail. Time passes only by
 * {@link #pass}. For one thread.
 */
final class FakeWorld implements Instances, Door, Later, Clock {
    final List<String> calls = new ArrayList<>();
    final List<Decision> decisions = new ArrayList<>();
    final Map<InstanceName, Process> processes = new TreeMap<>();
    final Map<String, HostPort> behindTheDoor = new TreeMap<>();
    final Map<String, Integer> weights = new TreeMap<>();
    final TreeSet<String> draining = new TreeSet<>();
    final Map<String, Integer> tunnels = new LinkedHashMap<>();
    final Map<String, Integer> stuckRequests = new LinkedHashMap<>();
    Topology settings;
    final FakeDatabase database = new FakeDatabase(this::call);
    final FakeCache cache = new FakeCache(this::call);
    final FakeEdges edges = new FakeEdges(this::call);
    /** The health paths of the services that have a place at the door. */
    final Map<String, String> healthPaths = new TreeMap<>();
    /** The processes that were told of the cache. */
    final TreeSet<String> cached = new TreeSet<>();
    int fewestServing = Integer.MAX_VALUE;
    private Predicate<String> fails = call -> false;
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long nanos;
    private long order;
    private int port = 20_000;

    record Process(HostPort address, Watcher watcher, Application application) {}

    private record Due(long at, long order, Runnable task) {}

    Ports ports() {
        return new Ports(this, this, databasePorts(), new CachePorts(cache, cache), edges, this, this, decisions::add);
    }

    private DatabasePorts databasePorts() {
        return new DatabasePorts(database, database, database, Runnable::run, task -> after(Duration.ofMillis(1), task));
    }

    /** Control's cluster of the database's servers, which tells the roster. */
    DatabaseCluster cluster(Roster roster) {
        return new DatabaseCluster(databasePorts(), this, this, decisions::add,
                record -> roster.change(was -> was.with(new Observed.Databases(was.database().run(), Optional.of(record)))));
    }

    /** From now on a call fails whose text, as {@code start web-2}, matches. */
    void failWhen(Predicate<String> call) {
        fails = call;
    }

    /** How many servers get new requests. */
    int serving() {
        return (int) behindTheDoor.keySet().stream().filter(name -> !draining.contains(name)).count();
    }

    /** Lets time go by and does what falls due, in order. */
    void pass(Duration time) {
        long until = nanos + time.toNanos();
        while (!due.isEmpty() && due.peek().at() <= until) {
            Due next = due.poll();
            nanos = next.at();
            next.task().run();
        }
        nanos = until;
    }

    /** The process dies by itself, and is started again after {@code again}, as engines does it. */
    void kill(InstanceName name, Duration again) {
        Process process = processes.get(name);
        process.watcher().ended(name + " was killed by signal 9", again, 1);
        after(again, () -> {
            if (processes.get(name) == process) {
                process.watcher().startedAgain();
            }
        });
    }

    @Override
    public HostPort start(InstanceName name, Application application, boolean told, Watcher watcher) {
        call("start " + name);
        if (processes.containsKey(name)) {
            throw new IllegalStateException(name + " runs already");
        }
        HostPort address = new HostPort("127.0.0.1", port++);
        processes.put(name, new Process(address, watcher, application));
        if (told) {
            cached.add(name.toString());
        }
        return address;
    }

    @Override
    public void awaitHealthy(InstanceName name) {
        call("await " + name);
        if (!processes.containsKey(name)) {
            throw new BanyanException(ErrorCode.APPLICATION_FAILED, name + " does not run");
        }
    }

    @Override
    public void stop(InstanceName name) {
        processes.remove(name);
        cached.remove(name.toString());
        call("stop " + name);
    }

    @Override
    public void service(String service, String healthPath) {
        healthPaths.put(service, healthPath);
    }

    @Override
    public void add(String service, String server, HostPort address, int weight, boolean proven) {
        call("add " + server);
        assertThat(healthPaths).as("a place for the servers of " + service).containsKey(service);
        behindTheDoor.put(server, address);
        weights.put(server, weight);
        draining.remove(server);
    }

    @Override
    public Drained drain(String service, String server, Duration atMost) {
        call("drain " + server);
        if (behindTheDoor.containsKey(server)) {
            draining.add(server);
        }
        fewestServing = Math.min(fewestServing, serving());
        return new Drained(stuckRequests.getOrDefault(server, 0), tunnels(service, server));
    }

    @Override
    public void remove(String service, String server) {
        behindTheDoor.remove(server);
        draining.remove(server);
        weights.remove(server);
        fewestServing = Math.min(fewestServing, serving());
    }

    @Override
    public int tunnels(String service, String server) {
        return tunnels.getOrDefault(server, 0);
    }

    @Override
    public void reconfigure(Topology wanted) {
        call("reconfigure");
        settings = wanted;
    }

    @Override
    public void after(Duration wait, Runnable task) {
        due.add(new Due(nanos + wait.toNanos(), order++, task));
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public void sleep(Duration time) {
        pass(time);
    }

    private void call(String text) {
        calls.add(text);
        if (fails.test(text)) {
            throw new BanyanException(ErrorCode.APPLICATION_FAILED, text + " failed");
        }
    }
}
