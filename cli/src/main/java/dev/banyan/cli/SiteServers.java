package dev.banyan.cli;

import dev.banyan.control.database.DatabaseServers;
import dev.banyan.control.database.Look;
import dev.banyan.control.database.Role;
import dev.banyan.engines.PostgresServers;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.ServerRole;
import dev.banyan.engines.Standing;
import dev.banyan.engines.WalPosition;
import dev.banyan.engines.WhenItEnds;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The embedded database servers, for control. Safe for any thread. */
final class SiteServers implements DatabaseServers {
    private static final Duration PROMOTED_WITHIN = Duration.ofMinutes(1);
    private static final long MB = 1_000_000;

    private final PostgresServers servers;
    private final Consumer<RunningPostgres> started;
    private final DatabaseReach reach;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    /** Whose end is told; by name, for a server that is started again is another one. */
    private final Map<String, RunningPostgres> watched = new ConcurrentHashMap<>();

    /**
     * @param started hears of each server that has been started, before control does
     * @param reach the way on which servers are looked at
     */
    SiteServers(PostgresServers servers, Consumer<RunningPostgres> started, DatabaseReach reach) {
        this.servers = servers;
        this.started = started;
        this.reach = reach;
    }

    @Override
    public void start(String name, Role role) throws InterruptedException {
        watch(servers.start(name, switch (role) {
            case PRIMARY -> ServerRole.PRIMARY;
            case STANDBY -> ServerRole.STANDBY;
        }));
    }

    @Override
    public void cloneFrom(String name, String source, Consumer<String> progress) throws InterruptedException {
        watch(servers.cloneFrom(name, running(source), (copied, expected) -> progress.accept("%,d of %,d MB".formatted(copied / MB, Math.max(copied, expected) / MB))));
    }

    /** What follows its end is control's choice. */
    private void watch(RunningPostgres server) {
        if (watched.put(server.name(), server) != server) {
            server.whenItEnds(WhenItEnds.TELL);
            server.onEnd(() -> listeners.forEach(listener -> listener.accept(server.name())));
            started.accept(server);
        }
    }

    @Override
    public void promote(String name) {
        running(name).promote(PROMOTED_WITHIN);
    }

    @Override
    public void fence(String name) {
        servers.last(name).ifPresent(RunningPostgres::fence);
    }

    @Override
    public void follow(String name, String primary) throws InterruptedException {
        Optional<RunningPostgres> runs = servers.running(name);
        if (runs.isPresent()) {
            runs.get().follow(running(primary));
        } else {
            servers.demote(name, running(primary));
        }
    }

    @Override
    public void synchronous(String primary, List<String> standbys) {
        running(primary).synchronousWith(standbys, standbys.isEmpty() ? 0 : 1);
    }

    @Override
    public Look look(String name, Duration atMost) {
        Optional<RunningPostgres> runs = servers.running(name).filter(RunningPostgres::alive);
        if (runs.isEmpty()) {
            return new Look.Ended(servers.last(name).flatMap(RunningPostgres::lastEnd).orElse("it does not run"));
        }
        return reach.look(name, atMost, left -> look(runs.get(), left));
    }

    private Look look(RunningPostgres server, Duration atMost) {
        try {
            return answered(server, server.look(atMost));
        } catch (BanyanException e) {
            return server.alive() ? new Look.Silent(e.getMessage()) : new Look.Ended(server.lastEnd().orElse("it ended"));
        }
    }

    private Look answered(RunningPostgres server, Standing standing) {
        boolean streaming = standing.receiving().map(Standing.Receiving::streaming).orElse(false);
        return new Look.Answered(standing.inRecovery(), standing.timeline(), standing.written().bytes(), standing.replayed().bytes(),
                standing.inRecovery() ? server.follows() : Optional.empty(), streaming, standing.settled(), standing.standbys().stream()
                .map(Standing.Streaming::name).collect(Collectors.toSet()), standing.stranded());
    }

    @Override
    public OptionalLong stop(String name) {
        Optional<RunningPostgres> runs = servers.running(name);
        if (runs.isEmpty()) {
            return OptionalLong.empty();
        }
        runs.get().stop();
        return servers.logEnd(name).map(WalPosition::bytes).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    @Override
    public void delete(String name) throws InterruptedException {
        Optional<RunningPostgres> primary = servers.clusterFile().read().filter(decided -> !decided.primary().equals(name))
                .flatMap(decided -> servers.running(decided.primary())).filter(RunningPostgres::alive);
        primary.ifPresent(keeps -> servers.forget(name, keeps));
        servers.delete(name);
        watched.remove(name);
    }

    @Override
    public HostPort address(String name) {
        return servers.address(name).orElseThrow(() -> new BanyanException(ErrorCode.NO_SUCH_THING, name + " has never listened anywhere"));
    }

    @Override
    public Set<String> names() {
        return Set.copyOf(servers.known());
    }

    @Override
    public void onEnd(Consumer<String> ended) {
        listeners.add(ended);
    }

    private RunningPostgres running(String name) {
        return servers.running(name).orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, name + " does not run"));
    }
}
