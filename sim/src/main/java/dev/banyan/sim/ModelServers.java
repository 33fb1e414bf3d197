package dev.banyan.sim;

import dev.banyan.control.database.ClusterRecord;
import dev.banyan.control.database.ClusterStore;
import dev.banyan.control.database.DatabaseServers;
import dev.banyan.control.database.Look;
import dev.banyan.control.database.Role;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Servers, and the disk with their record. Each call takes some virtual time in which the world goes on; in a storm it may fail before or after it has done
 * its work, and control may be killed there.
 */
final class ModelServers implements DatabaseServers, ClusterStore {
    private final Calendar calendar;
    private final SplittableRandom random;
    private final List<String> wrongs = new ArrayList<>();
    private final Map<String, ModelPostgres> all = new TreeMap<>();
    private Optional<ClusterRecord> record = Optional.empty();
    private Consumer<String> onEnd = _ -> {};
    final Flaw flaw;
    ModelRouter router;
    boolean storm;
    /** When the errand began that runs now. */
    long errandBegan;
    /** The errand that runs now is cut short by the end of control. */
    boolean torn;
    private boolean beside;
    private boolean called;
    private int lives;
    private int checkpoints;

    /** Control was killed. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("control was killed", null, false, false);
        }
    }

    ModelServers(Calendar calendar, SplittableRandom random, Flaw flaw) {
        this.calendar = calendar;
        this.random = random;
        this.flaw = flaw;
    }

    ModelPostgres find(String name) {
        return all.get(name);
    }

    List<ModelPostgres> all() {
        return List.copyOf(all.values());
    }

    List<String> wrongs() {
        return wrongs;
    }

    /** What takes long goes on beside: it is over after some time, and takes none of control's. */
    void beside(Runnable errand) {
        long began = calendar.nanos();
        int life = lives;
        calendar.at(millis(30, random.nextInt(4) == 0 ? 3_000 : 400), () -> {
            errandBegan = began;
            beside = true;
            torn = life != lives;
            try {
                errand.run();
            } finally {
                beside = false;
                torn = false;
            }
        });
    }

    /** How many controls there were before the one that lives. */
    int lives() {
        return lives;
    }

    /** Control's errands end with it: copies are left torn, and nothing is started or deleted. */
    void cutErrands() {
        lives++;
    }

    /** A server's process ends by itself; in one of eight cases nobody tells. */
    void crash(ModelPostgres server) {
        if (server.running) {
            server.end();
            if (random.nextInt(8) > 0) {
                onEnd.accept(server.name);
            }
        }
    }

    @Override
    public void start(String name, Role role) {
        call(1, 5, () -> {
            ModelPostgres server = all.computeIfAbsent(name, ModelPostgres::new);
            if (server.running) {
                need(!server.hung, name + " does not answer");
                return;
            }
            if (role == Role.PRIMARY) {
                begin(server);
                return;
            }
            need(server.whole && server.standby, name + " has no standby's data");
            run(server);
            server.settledAt = calendar.nanos() + millis(0, 1_500).toNanos();
        });
    }

    private void begin(ModelPostgres server) {
        mustBeRecorded(server.name, "was started as a primary");
        if (!server.whole) {
            need(record.filter(r -> r.epoch() == 1 && r.members().size() == 1).isPresent() && router.acknowledged.isEmpty(), server.name + " has no data");
            server.whole = true;
            server.standby = false;
        }
        run(server);
        if (server.standby) {
            server.promote();
        }
    }

    private void run(ModelPostgres server) {
        server.running = true;
        server.clean = false;
        server.startedAt = calendar.nanos();
    }

    @Override
    public void cloneFrom(String name, String source, Consumer<String> progress) {
        ModelPostgres copy = all.computeIfAbsent(name, ModelPostgres::new);
        copy.whole = false;
        ModelPostgres from = all.get(source);
        need(!torn, "the copy was cut short");
        need(from != null && from.works() && from.startedAt <= errandBegan && !from.unreachable, source + " broke the copy off");
        need(!storm || random.nextInt(10) > 0, "the disk was full for a moment");
        copy.copy(from);
    }

    @Override
    public void promote(String name) {
        call(50, 300, () -> {
            ModelPostgres server = reached(name);
            if (server.standby) {
                mustBeRecorded(name, "was promoted");
                server.promote();
            }
        });
    }

    private void mustBeRecorded(String name, String what) {
        if (!record.map(ClusterRecord::primary).equals(Optional.of(name))) {
            wrongs.add(name + " " + what + ", and the record names " + record.map(ClusterRecord::primary).orElse("none"));
        }
    }

    @Override
    public void fence(String name) {
        call(5, 60, () -> {
            ModelPostgres server = all.get(name);
            if (server != null && flaw != Flaw.FENCE_DOES_NOTHING) {
                server.end();
            }
        });
    }

    @Override
    public void follow(String name, String primary) {
        call(5, 60, () -> {
            ModelPostgres server = all.get(name);
            need(server != null && server.whole && !server.unreachable && !server.hung, name + " cannot be told");
            need(server.standby || !server.running && server.clean, name + " was a primary and was not stopped cleanly");
            server.standby = true;
            server.source = primary;
            server.streaming = false;
            server.stranded = Optional.empty();
        });
    }

    @Override
    public void synchronous(String primary, List<String> standbys) {
        call(5, 100, () -> {
            ModelPostgres server = reached(primary);
            server.waitsFor = Set.copyOf(standbys);
            if (standbys.isEmpty()) {
                router.answer(server, Integer.MAX_VALUE);
            }
        });
    }

    @Override
    public Look look(String name, Duration atMost) {
        ModelPostgres server = all.get(name);
        if (server == null || !server.running) {
            return new Look.Ended("its process does not run");
        }
        if (server.hung || server.unreachable || storm && random.nextInt(40) == 0) {
            calendar.pass(atMost);
            return new Look.Silent("no answer within " + atMost.toMillis() + " ms");
        }
        calendar.pass(Duration.ofNanos(random.nextInt(3_000_000)));
        return server.works() ? answer(server) : new Look.Silent("the connection was closed");
    }

    private Look answer(ModelPostgres server) {
        boolean settled = !server.standby || calendar.nanos() >= server.settledAt;
        int received = settled ? server.log.size() : server.log.size() / 2;
        Set<String> standbys = all.values().stream().filter(s -> s.streaming && s.source.equals(server.name)).map(s -> s.name).collect(Collectors.toSet());
        return new Look.Answered(server.standby, server.timeline, received, Math.min(received, server.replayed),
                Optional.of(server.source).filter(source -> !source.isEmpty()), server.streaming, settled || flaw == Flaw.POSITIONS_ARE_GUESSED, standbys,
                server.stranded);
    }

    @Override
    public OptionalLong stop(String name) {
        OptionalLong[] end = {OptionalLong.empty()};
        call(20, 300, () -> {
            ModelPostgres server = all.get(name);
            if (server == null || !server.works() || random.nextInt(20) == 0) {
                Optional.ofNullable(server).ifPresent(ModelPostgres::end);
                return;
            }
            server.log.add(-(++checkpoints));
            all.values().stream().filter(s -> s.works() && s.streaming && s.source.equals(name) && random.nextInt(10) > 0).forEach(s -> s.receive(server, server.log.size()));
            server.end();
            server.clean = true;
            end[0] = OptionalLong.of(server.log.size());
        });
        return end[0];
    }

    @Override
    public void delete(String name) {
        call(5, 60, () -> {
            ModelPostgres server = all.get(name);
            need(server == null || !server.running, name + " runs");
            all.remove(name);
        });
    }

    @Override
    public HostPort address(String name) {
        return new HostPort(name, 5432);
    }

    @Override
    public Set<String> names() {
        return all.values().stream().filter(server -> server.whole).map(server -> server.name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void onEnd(Consumer<String> ended) {
        onEnd = ended;
    }

    @Override
    public Optional<ClusterRecord> read() {
        return record;
    }

    @Override
    public void write(ClusterRecord next) {
        call(1, 5, () -> {
            if (flaw != Flaw.RECORD_IS_NOT_KEPT || record.isEmpty() || random.nextInt(3) > 0) {
                record = Optional.of(next);
            }
        });
    }

    private ModelPostgres reached(String name) {
        ModelPostgres server = all.get(name);
        need(server != null && server.works() && !server.unreachable, name + " does not answer");
        return server;
    }

    /** Everything control does takes a while. */
    private void call(int least, int most, Runnable what) {
        if (beside) {
            need(!torn, "control is gone");
            need(!storm || random.nextInt(20) > 0, "it failed before anything was done");
            what.run();
            need(!storm || random.nextInt(20) > 0, "it failed after all was done");
            return;
        }
        called = true;
        try {
            calendar.pass(millis(least, most));
            trouble();
            what.run();
            trouble();
        } finally {
            called = false;
        }
    }

    /** Whether control is in the middle of an act. */
    boolean isCalled() {
        return called;
    }

    private void trouble() {
        if (!storm) {
            return;
        }
        int chance = random.nextInt(200);
        if (chance == 0) {
            throw new Killed();
        }
        need(chance > 5, "it was not done in time");
    }

    private static void need(boolean so, String otherwise) {
        if (!so) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, otherwise);
        }
    }

    private Duration millis(int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least + 1));
    }
}
