package dev.banyan.control;

import dev.banyan.control.database.ClusterRecord;
import dev.banyan.control.database.ClusterStore;
import dev.banyan.control.database.DatabaseDoor;
import dev.banyan.control.database.DatabaseServers;
import dev.banyan.control.database.Look;
import dev.banyan.control.database.Role;
import dev.banyan.control.database.View;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Database servers, a router and the disk with their record, in memory, that do at once what they are asked. For one thread. */
final class FakeDatabase implements DatabaseServers, DatabaseDoor, ClusterStore {
    static final int END = 1_000;

    final Map<String, Server> servers = new TreeMap<>();
    Optional<ClusterRecord> record = Optional.empty();
    View view = new View(0, Optional.empty(), List.of(), false);
    boolean held;
    int open;
    private final Consumer<String> calls;
    private Consumer<String> onEnd = _ -> {};

    /** @param calls hears of every call that changes something, and may throw */
    FakeDatabase(Consumer<String> calls) {
        this.calls = calls;
    }

    /** One server; mutable. */
    static final class Server {
        boolean runs;
        boolean standby;
        String source = "";
        int received = END;
        List<String> synchronous = List.of();
    }

    /** Those that run, by name, as {@code primary} or whom they follow. */
    Map<String, String> running() {
        return servers.entrySet().stream().filter(e -> e.getValue().runs)
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().standby ? e.getValue().source : "primary", (a, _) -> a, TreeMap::new));
    }

    boolean runs() {
        return running().containsValue("primary");
    }

    void kill(String name) {
        servers.get(name).runs = false;
        onEnd.accept(name);
    }

    @Override
    public void start(String name, Role role) {
        calls.accept("start " + name);
        Server server = servers.computeIfAbsent(name, _ -> new Server());
        if (role == Role.STANDBY && !server.standby) {
            throw failure(name + " has a primary's data");
        }
        server.runs = true;
        server.standby &= role == Role.STANDBY;
    }

    @Override
    public void cloneFrom(String name, String source, Consumer<String> progress) {
        calls.accept("clone " + name + " from " + source);
        progress.accept("60 of 60 MB");
        Server copy = new Server();
        copy.standby = true;
        copy.source = source;
        servers.put(name, copy);
    }

    @Override
    public void promote(String name) {
        calls.accept("promote " + name);
        servers.get(name).standby = false;
    }

    @Override
    public void fence(String name) {
        calls.accept("fence " + name);
        Optional.ofNullable(servers.get(name)).ifPresent(server -> server.runs = false);
    }

    @Override
    public void follow(String name, String primary) {
        calls.accept("let " + name + " follow " + primary);
        servers.get(name).standby = true;
        servers.get(name).source = primary;
    }

    @Override
    public void synchronous(String primary, List<String> standbys) {
        calls.accept("synchronous " + standbys);
        servers.get(primary).synchronous = standbys;
    }

    @Override
    public Look look(String name, Duration atMost) {
        Server server = servers.get(name);
        if (server == null || !server.runs) {
            return new Look.Ended("it does not run");
        }
        boolean streams = server.standby && servers.containsKey(server.source) && servers.get(server.source).runs && !servers.get(server.source).standby;
        return new Look.Answered(server.standby, 1, server.received, server.received, Optional.of(server.source).filter(s -> !s.isEmpty()), streams, true,
                Set.of(), Optional.empty());
    }

    @Override
    public OptionalLong stop(String name) {
        calls.accept("stop " + name);
        Server server = servers.get(name);
        boolean ran = server != null && server.runs;
        if (ran) {
            server.runs = false;
        }
        return ran ? OptionalLong.of(server.received) : OptionalLong.empty();
    }

    @Override
    public void delete(String name) {
        servers.remove(name);
        calls.accept("delete " + name);
    }

    @Override
    public HostPort address(String name) {
        return new HostPort(name, 5432);
    }

    @Override
    public Set<String> names() {
        return new TreeSet<>(servers.keySet());
    }

    @Override
    public void onEnd(Consumer<String> ended) {
        onEnd = ended;
    }

    @Override
    public void use(View next) {
        view = next;
    }

    @Override
    public Held hold(Duration atMost) {
        held = true;
        calls.accept("hold");
        return new Held(open);
    }

    @Override
    public void release() {
        held = false;
    }

    @Override
    public Optional<ClusterRecord> read() {
        return record;
    }

    @Override
    public void write(ClusterRecord next) {
        if (record.filter(next::equals).isEmpty()) {
            calls.accept("write " + next.primary() + " " + next.members() + " " + next.synchronous());
        }
        record = Optional.of(next);
    }

    /** For tests that want one to fail. */
    static BanyanException failure(String what) {
        return new BanyanException(ErrorCode.ENGINE_FAILED, what);
    }
}
