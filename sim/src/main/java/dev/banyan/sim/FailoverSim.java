package dev.banyan.sim;

import dev.banyan.control.Later;
import dev.banyan.control.database.ClusterRecord;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.control.database.DatabasePorts;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Failover;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A database with replicas through a storm: servers crash, hang, cannot be reached, lose their disks; calls fail half way; control is killed at
 * any of its acts and comes back. It runs control's own classes. After every event there is at most one server that takes writes, and every commit that was
 * acknowledged is at the primary that the router uses; and when the storm is over, all is well again within {@link #CALM}.
 */
public final class FailoverSim {
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    /** So long nothing else happens before a disk is lost, and twice as long after. */
    private static final Duration REST = Duration.ofSeconds(6);
    private static final Duration CALM = Duration.ofSeconds(100);
    private static final int LAST_DECISIONS = 60;

    private final SplittableRandom random;
    private final Calendar calendar;
    private final ModelServers servers;
    private final ModelRouter router;
    private final Failover rules;
    private final int replicas;
    private final List<String> wrongs = new ArrayList<>();
    private final Deque<String> told = new ArrayDeque<>();
    private Optional<DatabaseCluster> control = Optional.empty();
    private boolean diskLost;
    private boolean quiet;
    private boolean calm;

    private FailoverSim(long seed, Flaw flaw) {
        this.random = new SplittableRandom(seed);
        Duration storm = Duration.ofSeconds(5 + random.nextInt(30));
        this.calendar = new Calendar(WARM_UP.plus(storm).plus(CALM), this::check);
        this.servers = new ModelServers(calendar, random.split(), flaw);
        this.router = new ModelRouter(calendar, servers, random.split());
        servers.router = router;
        this.rules = new Failover(true, Duration.ofMillis(250), 3, true, Duration.ofSeconds(10));
        this.replicas = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 2;
        calendar.at(WARM_UP, () -> servers.storm = true);
        calendar.at(WARM_UP.plus(storm), this::calm);
    }

    /** Runs one seed; what did not hold, a sentence each; empty when all held. */
    public static List<String> run(long seed) {
        return run(seed, Flaw.NONE);
    }

    static List<String> run(long seed, Flaw flaw) {
        return new FailoverSim(seed, flaw).run();
    }

    private List<String> run() {
        calendar.at(Duration.ZERO, this::clients);
        calendar.at(Duration.ZERO, this::replication);
        calendar.at(WARM_UP, this::faults);
        begin();
        for (;;) {
            try {
                calendar.run();
                break;
            } catch (Calendar.Over over) {
                break;
            } catch (ModelServers.Killed killed) {
                killed();
            }
        }
        verdict();
        List<String> all = new ArrayList<>(wrongs);
        all.addAll(servers.wrongs());
        all.addAll(router.wrongs());
        if (!all.isEmpty()) {
            all.add("the last decisions: " + String.join("\n    ", told));
        }
        return all;
    }

    private void clients() {
        router.commit();
        calendar.at(Duration.ofMillis(10 + random.nextInt(60)), this::clients);
    }

    private void replication() {
        servers.all().stream().filter(server -> server.works() && server.standby && calendar.nanos() >= server.settledAt && random.nextInt(3) > 0).forEach(this::pull);
        calendar.at(Duration.ofMillis(1 + random.nextInt(30)), this::replication);
    }

    private void pull(ModelPostgres standby) {
        ModelPostgres source = servers.find(standby.source);
        standby.streaming = source != null && source.works() && !source.standby;
        if (!standby.streaming) {
            return;
        }
        if (!standby.isBehind(source)) {
            standby.streaming = false;
            standby.stranded = Optional.of("its log has what " + source.name + " has not");
            return;
        }
        int more = source.log.size() - standby.log.size();
        standby.receive(source, standby.log.size() + (random.nextInt(4) == 0 ? random.nextInt(more + 1) : more));
        standby.replayed = random.nextInt(4) == 0 ? Math.max(standby.replayed, standby.log.size() / 2) : standby.log.size();
        router.confirmed(source, standby);
    }

    private void faults() {
        if (calm) {
            return;
        }
        List<ModelPostgres> all = servers.all();
        for (int count = random.nextInt(4) == 0 ? 2 : 1; count > 0 && !quiet; count--) {
            fault(all.get(random.nextInt(all.size())));
        }
        calendar.at(Duration.ofMillis(100 + random.nextInt(5_000)), this::faults);
    }

    private void fault(ModelPostgres server) {
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> servers.crash(server);
            case 3, 4 -> hang(server);
            case 5, 6 -> {
                server.unreachable = true;
                calendar.at(Duration.ofMillis(random.nextInt(6_000)), () -> server.unreachable = false);
            }
            case 7 -> loseDisk(server);
            default -> calendar.after(Duration.ZERO, this::change);
        }
    }

    private void hang(ModelPostgres server) {
        server.hung = server.running;
        if (random.nextInt(3) > 0) {
            calendar.at(Duration.ofMillis(random.nextInt(8_000)), () -> server.hung = false);
        }
    }

    /** Once, and with nothing else around it: a failover saves what is on a disk from one failure, not from two at once. */
    private void loseDisk(ModelPostgres server) {
        if (diskLost) {
            return;
        }
        diskLost = true;
        quiet = true;
        servers.storm = false;
        calendar.at(REST, () -> {
            ClusterRecord record = servers.read().orElseThrow();
            boolean spare = server.name.equals(record.primary()) ? record.synchronous().size() >= 2 : !record.synchronous().contains(server.name);
            if (spare && !servers.isCalled() && servers.all().stream().allMatch(s -> s.works() && !s.unreachable)) {
                servers.crash(server);
                server.whole = false;
                server.log.clear();
            }
        });
        calendar.at(REST.multipliedBy(3), () -> {
            servers.storm = !calm;
            quiet = false;
        });
    }

    private void change() {
        DatabaseCluster cluster = control.orElse(null);
        if (cluster == null) {
            return;
        }
        try {
            cluster.switchOver(Optional.empty(), _ -> {});
        } catch (BanyanException refused) {
            told(refused.getMessage());
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    private void begin() {
        int life = servers.lives();
        Later whileAlive = (wait, task) -> {
            if (life == servers.lives()) {
                calendar.after(wait, task);
            }
        };
        DatabaseCluster cluster = new DatabaseCluster(new DatabasePorts(servers, router, servers, Runnable::run, servers::beside), whileAlive, calendar,
                this::told, _ -> {});
        control = Optional.of(cluster);
        calendar.after(Duration.ZERO, () -> {
            try {
                cluster.start(rules);
                cluster.keep(replicas);
                cluster.mend(true);
            } catch (BanyanException e) {
                told("control could not begin: " + e.getMessage());
                killed();
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        });
    }

    /** Control and the router, one process, are gone; the servers go on, or are ended by the next start. */
    private void killed() {
        told("control was killed");
        control = Optional.empty();
        calendar.forgetControl();
        router.killed();
        servers.onEnd(_ -> {});
        servers.cutErrands();
        calendar.at(Duration.ofMillis(50 + random.nextInt(3_000)), () -> {
            if (random.nextBoolean()) {
                servers.all().forEach(ModelPostgres::end);
            }
            begin();
        });
    }

    private void calm() {
        calm = true;
        servers.storm = false;
        servers.all().forEach(server -> server.unreachable = false);
    }

    private void told(Decision decision) {
        told(decision.what() + ": " + decision.why() + " (" + decision.seen() + ")");
    }

    private void told(String what) {
        told.addLast("%.3f s  %s".formatted(calendar.nanos() / 1e9, what));
        if (told.size() > LAST_DECISIONS) {
            told.removeFirst();
        }
    }

    private void check() {
        List<ModelPostgres> writable = servers.all().stream().filter(ModelPostgres::writable).toList();
        if (writable.size() > 1 && wrongs.size() < 3) {
            wrongs.add("%.3f s: two servers take writes: %s".formatted(calendar.nanos() / 1e9, writable));
        }
    }

    private void verdict() {
        router.check("at the end");
        ClusterRecord record = servers.read().orElseThrow();
        String state = "; record " + record + ", view " + router.view + ", servers " + servers.all();
        if (router.view.primary().isEmpty() || calendar.nanos() - router.lastAcknowledged > Duration.ofSeconds(1).toNanos()) {
            wrongs.add("no commit was acknowledged at the end" + state);
        }
        if (router.view.replicas().size() < replicas || record.replicas().size() < replicas) {
            wrongs.add("there are not " + replicas + " replicas at the end" + state);
        }
        if (record.synchronous().size() < replicas && replicas >= 2) {
            wrongs.add("commits wait for no replica at the end" + state);
        }
        if (!servers.names().equals(new java.util.TreeSet<>(record.members()))) {
            wrongs.add("something is left over at the end" + state);
        }
    }
}
