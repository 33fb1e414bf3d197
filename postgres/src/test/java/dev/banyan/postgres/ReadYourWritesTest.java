package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.Outcome;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.DatabaseRouter.Consistency;
import dev.banyan.topology.DatabaseRouter.From;
import dev.banyan.topology.DatabaseRouter.Reads;
import dev.banyan.topology.Decision;
import dev.banyan.topology.FrontDoor.Algorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions that read and write through {@link Members} over a {@link ReplicationWorld} that gets into all kinds of trouble. */
class ReadYourWritesTest {
    private static final long PATIENCE = 100 * ReplicationWorld.MILLI;

    private ReplicationWorld world;
    private Members members;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<String> wrongs = new ArrayList<>();
    private final Map<String, Integer> readsAt = new HashMap<>();
    private int ended;
    private boolean stopped;
    private Consistency consistency;

    @Test
    void noSessionSeesItsOwnPast_whateverReplicasDo() {
        int atReplicas = 0;
        int all = 0;
        for (int seed = 0; seed < 60; seed++) {
            storm(seed, 1 + seed % 3, Consistency.READ_YOUR_WRITES, seed % 2 == 0);
            assertThat(wrongs).as("seed %d", seed).isEmpty();
            atReplicas += readsAt.entrySet().stream().filter(e -> !e.getKey().equals("primary")).mapToInt(Map.Entry::getValue).sum();
            all += readsAt.values().stream().mapToInt(Integer::intValue).sum();
        }
        assertThat(atReplicas).as("reads at replicas of %d", all).isGreaterThan(all / 2);
    }

    @Test
    void eventualShowsSessionsTheirPast_soTheCheckSeesIt() {
        int seen = 0;
        for (int seed = 0; seed < 5; seed++) {
            storm(seed, 2, Consistency.EVENTUAL, false);
            seen += wrongs.size();
        }
        assertThat(seen).isPositive();
    }

    @Test
    void boundedStalenessNeverReadsOlderDataThanAllowed() {
        for (int seed = 0; seed < 20; seed++) {
            storm(seed, 2, Consistency.BOUNDED_STALENESS, false);
            assertThat(wrongs.stream().filter(wrong -> wrong.contains("older than"))).as("seed %d", seed).isEmpty();
            assertThat(readsAt.keySet()).as("seed %d", seed).contains("db-2", "db-3");
        }
    }

    @Test
    void aSessionThatNeverPausesIsNotHeldByOneReplicaForEver() {
        begin(7, 2, Consistency.READ_YOUR_WRITES);
        world.pass(Duration.ofSeconds(1));
        Session session = new Session(0, true);
        session.next();
        world.pass(Duration.ofSeconds(8));
        assertThat(readsAt).containsKeys("db-2", "db-3").doesNotContainKey("primary");
        stop();
    }

    @Test
    void readsSpreadOverReplicas_andALostOneGetsNone() {
        begin(3, 3, Consistency.READ_YOUR_WRITES);
        for (int i = 0; i < 20; i++) {
            new Session(i, true).next();
        }
        world.pass(Duration.ofSeconds(14));
        readsAt.clear();
        world.pass(Duration.ofSeconds(3));
        int sum = readsAt.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(readsAt.keySet()).containsExactlyInAnyOrder("db-2", "db-3", "db-4");
        assertThat(readsAt.values()).allSatisfy(n -> assertThat(n / (double) sum).isBetween(0.25, 0.42));

        world.nodes.get(1).silent = true;
        world.pass(Duration.ofSeconds(1));
        readsAt.clear();
        world.pass(Duration.ofSeconds(1));
        assertThat(readsAt.keySet()).containsExactlyInAnyOrder("db-3", "db-4");
        assertThat(decisions).anySatisfy(d -> {
            assertThat(d.what()).isEqualTo("send no reads to db-2");
            assertThat(d.why()).startsWith("it has not answered for 5");
            assertThat(d.seen()).startsWith("2 of 3 replicas get reads; db-2 has replayed ");
        });
        stop();
    }

    @Test
    void whenTheLastReplicaIsGone_readsGoToThePrimaryAtOnce() {
        begin(5, 1, Consistency.READ_YOUR_WRITES);
        Session session = new Session(0, true);
        session.next();
        world.pass(Duration.ofSeconds(2));
        world.nodes.get(1).restart();
        world.nodes.get(1).silent = true;
        world.pass(Duration.ofSeconds(1));
        readsAt.clear();
        world.pass(Duration.ofSeconds(1));
        assertThat(readsAt.keySet()).containsExactly("primary");
        assertThat(readsAt.get("primary")).isGreaterThan(500);
        assertThat(decisions.getLast().seen()).startsWith("0 of 1 replica gets reads, which all go to the primary");
        stop();
    }

    @Test
    void aReplicaThatStartedAgainAndHasLess_isNotTrustedWithWhatItShowedBefore() {
        begin(13, 1, Consistency.READ_YOUR_WRITES);
        ReplicationWorld.Node replica = world.nodes.get(1);
        for (int i = 0; i < 100; i++) {
            world.commit();
            world.pass(Duration.ofMillis(10));
        }
        Session session = new Session(0, true);
        session.last = true;
        session.read();
        world.pass(Duration.ofMillis(8));
        replica.frozen = true;
        long shown = session.past;
        replica.restart();
        world.pass(Duration.ofSeconds(1));
        assertThat(readsAt).containsExactly(Map.entry("db-2", 1));
        assertThat(replica.position).isLessThan(shown);
        session.read();
        world.pass(Duration.ofSeconds(1));
        assertThat(wrongs).isEmpty();
        assertThat(readsAt).containsEntry("primary", 1);
        stop();
    }

    @Test
    void aNewReplicaGetsReadsOnceItHasWhatThereWasWhenItJoined() {
        begin(17, 1, Consistency.READ_YOUR_WRITES);
        ReplicationWorld.Node replica = world.nodes.get(1);
        replica.frozen = true;
        members.use(Cluster.of(world.primary.member));
        long written = world.commit();
        world.pass(Duration.ofSeconds(1));
        members.use(world.cluster());
        world.pass(Duration.ofSeconds(3));
        assertThat(replica.position).isLessThan(written);
        Session session = new Session(0, true);
        session.past = written;
        session.last = true;
        session.read();
        world.pass(Duration.ofMillis(200));
        assertThat(readsAt).containsExactly(Map.entry("primary", 1));
        assertThat(decisions.getLast().why()).startsWith("it is new and lacks ");

        replica.frozen = false;
        world.pass(Duration.ofSeconds(1));
        assertThat(decisions.getLast().what()).isEqualTo("send reads to db-2");
        Session later = new Session(1, true);
        later.last = true;
        later.read();
        world.pass(Duration.ofMillis(200));
        assertThat(readsAt).containsEntry("db-2", 1);
        stop();
    }

    @Test
    void aPositionThatNoPrimaryHasIsBroughtDown() {
        begin(9, 2, Consistency.READ_YOUR_WRITES);
        world.pass(Duration.ofSeconds(1));
        Session session = new Session(0, true);
        session.seen.require(Long.MAX_VALUE / 2, world.time.nanos());
        members.require(Long.MAX_VALUE / 2);
        session.next();
        world.pass(Duration.ofSeconds(1));
        assertThat(session.seen.position()).isLessThanOrEqualTo(world.primary.position);
        readsAt.clear();
        world.pass(Duration.ofSeconds(1));
        assertThat(readsAt.getOrDefault("primary", 0)).isZero();
        stop();
    }

    @Test
    void afterAReadThePositionIsExactOnceSettled() {
        begin(11, 2, Consistency.READ_YOUR_WRITES);
        world.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 200; i++) {
            Session reader = new Session(i, true);
            reader.read();
            boolean[] settled = new boolean[1];
            world.loop.schedule(() -> members.settle(reader.seen, world.loop, world.time.nanos() + PATIENCE, () -> settled[0] = true), 7, TimeUnit.MILLISECONDS);
            reader.last = true;
            world.commit();
            world.pass(Duration.ofMillis(60));
            assertThat(settled[0]).isTrue();
            assertThat(reader.seen.settled()).isTrue();
            assertThat(reader.seen.position()).isGreaterThanOrEqualTo(reader.past);
        }
        stop();
    }

    private void storm(long seed, int replicas, Consistency consistency, boolean failovers) {
        begin(seed, replicas, consistency);
        for (int i = 0; i < 8; i++) {
            new Session(i, false).next();
        }
        for (int i = 0; i < 15; i++) {
            world.pass(Duration.ofMillis(50 + world.random.nextInt(200)));
            trouble(failovers);
        }
        world.nodes.forEach(node -> node.silent = false);
        ended = 0;
        world.pass(Duration.ofSeconds(1));
        assertThat(ended).as("operations after the trouble, seed %d", seed).isGreaterThan(100);
        stop();
    }

    private void trouble(boolean failovers) {
        ReplicationWorld.Node node = world.nodes.get(world.random.nextInt(world.nodes.size()));
        switch (world.random.nextInt(6)) {
            case 0 -> node.silent = !node.isPrimary() && world.random.nextBoolean();
            case 1 -> node.restart();
            case 2 -> world.stallMicros = 1_000 << world.random.nextInt(9);
            case 3 -> failOver(failovers);
            default -> { }
        }
    }

    private void failOver(boolean wanted) {
        if (wanted && world.nodes.stream().noneMatch(node -> node.down || node.silent)) {
            world.failOver();
            forget = world.primary.position;
            members.use(world.cluster());
        }
    }

    /** After a failover nobody's past reaches beyond what the new primary had. */
    private long forget;

    private void begin(long seed, int replicas, Consistency consistency) {
        this.consistency = consistency;
        world = new ReplicationWorld(seed, replicas);
        wrongs.clear();
        readsAt.clear();
        decisions.clear();
        forget = Long.MAX_VALUE;
        stopped = false;
        members = new Members(settings(consistency), world.loop(), world.monitors(), world.clock(), new SplittableRandom(seed), Optional.empty(), decisions::add);
        members.use(world.cluster());
    }

    private void stop() {
        stopped = true;
        members.close();
        world.pass(Duration.ofMillis(100));
    }

    private static DatabaseRouter settings(Consistency consistency) {
        Reads reads = new Reads(From.REPLICAS, consistency, Duration.ofNanos(PATIENCE), Duration.ofMillis(300), true, Algorithm.POWER_OF_TWO, List.of());
        return Routers.with(reads);
    }

    /** A client: one operation after the other, as the router would do them. */
    private final class Session {
        private final int number;
        private final boolean readsOnly;
        private final Seen seen = members.seen();
        private boolean last;
        /** The furthest state it has written or seen. */
        private long past;
        private long epoch = world.epoch;

        Session(int number, boolean readsOnly) {
            this.number = number;
            this.readsOnly = readsOnly;
        }

        void next() {
            if (stopped || last) {
                return;
            }
            ended++;
            int kind = readsOnly ? 0 : world.random.nextInt(10);
            Runnable operation = kind < 7 ? this::read : kind < 9 ? this::write : this::readAtPrimary;
            if (world.random.nextInt(4) == 0 && !readsOnly) {
                world.loop.schedule(operation, world.random.nextInt(40), TimeUnit.MILLISECONDS);
            } else {
                world.loop.execute(operation);
            }
        }

        void write() {
            world.later(() -> {
                if (!atPrimary(world.commit())) {
                    return;
                }
                long of = world.epoch;
                world.later(() -> {
                    long after = world.primary.position;
                    world.later(() -> {
                        if (of == world.epoch) {
                            seen.wrote(after, world.time.nanos());
                        } else {
                            seen.readAtPrimary(world.time.nanos());
                        }
                        next();
                    });
                });
            });
        }

        /** A silent or lost primary is tried again later, as clients wait while there is none. */
        private boolean atPrimary(long position) {
            if (world.primary.down) {
                world.loop.schedule(this::next, 5, TimeUnit.MILLISECONDS);
                seen.readAtPrimary(world.time.nanos());
                return false;
            }
            saw("primary", position);
            return true;
        }

        void readAtPrimary() {
            world.later(() -> {
                if (atPrimary(world.primary.position)) {
                    world.later(() -> {
                        seen.readAtPrimary(world.time.nanos());
                        next();
                    });
                }
            });
        }

        void read() {
            read(world.time.nanos() + PATIENCE);
        }

        private void read(long deadline) {
            long now = world.time.nanos();
            Replica replica = members.choose(seen, now);
            if (replica != null) {
                readAt(replica, now);
            } else if (now < deadline && members.worthWaiting(seen, now)) {
                members.await(seen, world.loop, deadline, () -> read(deadline));
            } else {
                readAtPrimary();
            }
        }

        private void readAt(Replica replica, long chosenNanos) {
            ReplicationWorld.Node node = world.node(replica.member());
            int incarnation = node.incarnation;
            world.later(() -> {
                if (node.silent || node.incarnation != incarnation || node.isPrimary()) {
                    replica.finish(Outcome.NO_ANSWER, world.time.nanos());
                    world.loop.schedule(this::next, 5, TimeUnit.MILLISECONDS);
                    return;
                }
                saw(node.member.name(), node.position);
                if (consistency == Consistency.BOUNDED_STALENESS && node.position < world.committedBy(chosenNanos - 300 * ReplicationWorld.MILLI)) {
                    wrongs.add(number + " read data at " + node.member.name() + " that is older than 300 ms");
                }
                world.later(() -> {
                    seen.read(replica, world.time.nanos());
                    replica.finish(Outcome.OK, world.time.nanos());
                    next();
                });
            });
        }

        private void saw(String where, long position) {
            readsAt.merge(where, 1, Integer::sum);
            if (epoch != world.epoch) {
                epoch = world.epoch;
                past = Math.min(past, forget);
            }
            if (position < past) {
                wrongs.add(number + " was shown " + Lsn.format(position) + " at " + where + " after " + Lsn.format(past) + " at " + world.time.nanos() / 1_000 + " us");
            }
            past = position;
        }
    }
}
