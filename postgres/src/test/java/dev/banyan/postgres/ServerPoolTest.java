package dev.banyan.postgres;

import static dev.banyan.postgres.PoolBench.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.PoolBench.PoolSettings;
import dev.banyan.postgres.wire.PostgresError;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServerPoolTest {
    private PoolBench bench;

    private void bench(PoolSettings settings, int loops) {
        bench = new PoolBench(settings.made(), loops);
    }

    private FakeLessee lease(String user, int loop) {
        return FakeLessee.at(bench.pool(user, loop), bench.nanos());
    }

    private List<FakeLessee> lease(String user, int loop, int times) {
        List<FakeLessee> all = IntStream.range(0, times).mapToObj(_ -> lease(user, loop)).toList();
        bench.run();
        bench.acceptAll();
        return all;
    }

    private void giveBack(FakeLessee lessee) {
        lessee.giveBack(bench.nanos());
        bench.run();
    }

    @Test
    void theConnectionUsedLastIsUsedNext() {
        bench(settings(), 1);
        List<FakeLessee> three = lease("photos", 0, 3);
        FakeConnection last = three.get(1).connection;
        giveBack(three.get(0));
        giveBack(three.get(2));
        giveBack(three.get(1));

        assertThat(lease("photos", 0).connection).isSameAs(last);
        assertThat(bench.opened).isEqualTo(3);
    }

    @Test
    void aConnectionWithTheSameSettingsIsPreferred_amongTheFourUsedLast() {
        bench(settings(), 1);
        List<FakeLessee> six = lease("photos", 0, 6);
        six.forEach(each -> each.connection.settings = six.indexOf(each));
        six.forEach(this::giveBack);

        FakeLessee near = new FakeLessee(bench.pool("photos", 0), 3);
        near.pool.lease(near, bench.nanos());
        FakeLessee far = new FakeLessee(bench.pool("photos", 0), 0);
        far.pool.lease(far, bench.nanos());

        assertThat(near.connection.settings()).isEqualTo(3);
        assertThat(far.connection.settings()).isEqualTo(5);
    }

    @Test
    void noMoreAreOpenedThanThePoolsSize_andWhoWaitsIsServedInTurn() {
        bench(settings().size(2), 1);
        List<FakeLessee> four = lease("photos", 0, 4);
        assertThat(bench.opened).isEqualTo(2);

        giveBack(four.get(0));
        assertThat(four.get(2).connection).isNotNull();
        assertThat(four.get(3).waits()).isTrue();
        giveBack(four.get(1));
        assertThat(four.get(3).connection).isNotNull();
        assertThat(bench.opened).isEqualTo(2);
    }

    @Test
    void noMoreAreOpenedAtATimeThanTheSettingSays() {
        bench(settings().opening(3), 2);
        IntStream.range(0, 20).forEach(i -> lease("photos", i % 2));
        bench.run();
        assertThat(bench.attempts).hasSize(3);
        bench.accept();
        bench.run();
        assertThat(bench.attempts).hasSize(3);
    }

    @Test
    void whoWaitsLongerThanItsPatienceIsToldThePoolsNumbers() {
        bench(settings(), 1);
        List<FakeLessee> all = lease("photos", 0, 27);
        bench.pass(Duration.ofMillis(9_990));
        assertThat(all.getLast().waits()).isTrue();
        bench.pass(Duration.ofMillis(30));

        assertThat(all.get(20).refused.state()).isEqualTo("53300");
        assertThat(all.get(20).refused.message())
                .isEqualTo("no server connection became free within 10 s (pool photos@photos at db-1: 20 open, 20 busy, 7 waiting)");
        assertThat(all.get(20).refused.hint()).contains("database.router.pool.size (now 20)");
        assertThat(all.getLast().refused).isNotNull();
    }

    @Test
    void moreThanTheQueueHoldsAreRefusedAtOnce() {
        bench(settings().size(1).queue(2), 1);
        lease("photos", 0, 1);
        List<FakeLessee> all = lease("photos", 0, 3);

        assertThat(all.get(1).waits()).isTrue();
        assertThat(all.get(2).refused.message())
                .isEqualTo("as many clients wait for a server connection as may: 2 (pool photos@photos at db-1: 1 open, 1 busy, 2 waiting)");
        all.get(1).pool.leave(all.get(1));
        assertThat(lease("photos", 0).waits()).isTrue();
    }

    @Test
    void whoHasLeftIsNotServed() {
        bench(settings().size(1), 1);
        List<FakeLessee> three = lease("photos", 0, 3);
        three.get(1).pool.leave(three.get(1));
        giveBack(three.get(0));
        assertThat(three.get(1).answers).isZero();
        assertThat(three.get(2).connection).isNotNull();
    }

    @Test
    void aServersNoIsTheClientsAnswer() {
        bench(settings(), 1);
        FakeLessee one = lease("photos", 0);
        FakeLessee two = lease("photos", 0);
        bench.refuse(PoolBench.WRONG_PASSWORD);
        assertThat(one.refused).isEqualTo(PoolBench.WRONG_PASSWORD);
        assertThat(two.refused).isEqualTo(PoolBench.WRONG_PASSWORD);
        bench.refuse(PoolBench.WRONG_PASSWORD);
        assertThat(bench.member.figures()).containsExactly(new PoolFigures(bench.member.member(), one.pool.places().login(), 0, 0, 0, 0, 0));
    }

    @Test
    void whileTheServerIsUnreachableClientsWait_andAttemptsAreOneAtATimeWithPauses() {
        bench(settings(), 1);
        List<FakeLessee> waiting = IntStream.range(0, 8).mapToObj(_ -> lease("photos", 0)).toList();
        int tried = 0;
        for (int i = 0; i < 1_000; i++) {
            while (!bench.attempts.isEmpty()) {
                bench.refuse(PoolBench.UNREACHABLE);
                tried++;
            }
            bench.pass(Duration.ofMillis(5));
        }
        assertThat(waiting).allMatch(FakeLessee::waits);
        assertThat(tried).isBetween(9, 20); // 4 at first, then after 50, 100, 200, 400, 800, 1000.. ms, each scattered down to a half

        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.attempts).hasSize(1);
        bench.accept();
        bench.run();
        assertThat(bench.attempts).as("twice as many after each that went well").hasSize(2);
        bench.acceptAll();
        assertThat(waiting).allMatch(each -> each.connection != null);
    }

    @Test
    void whoWaitedInVainForAnUnreachableServerIsToldWhy() {
        bench(settings(), 1);
        FakeLessee lessee = lease("photos", 0);
        for (int i = 0; i < 2_010; i++) {
            while (!bench.attempts.isEmpty()) {
                bench.refuse(PoolBench.UNREACHABLE);
            }
            bench.pass(Duration.ofMillis(5));
        }
        assertThat(lessee.refused.state()).isEqualTo("08001");
        assertThat(lessee.refused.message()).isEqualTo("connection refused by 127.0.0.1:5432 (tried for 10 s)");
    }

    @Test
    void aFullServerIsWaitedFor_whileThePoolHasOthers() {
        bench(settings(), 1);
        FakeLessee first = lease("photos", 0, 1).getFirst();
        FakeLessee second = lease("photos", 0);
        bench.refuse(PostgresError.fatal("53300", "sorry, too many clients already"));
        assertThat(second.waits()).isTrue();
        giveBack(first);
        assertThat(second.connection).isNotNull();
    }

    @Test
    void aConnectionMovesToTheLoopThatHasNone() {
        bench(settings().size(1), 2);
        FakeLessee here = lease("photos", 0, 1).getFirst();
        FakeConnection connection = here.connection;
        giveBack(here);
        FakeLessee there = lease("photos", 1);
        bench.run();

        assertThat(there.connection).isSameAs(connection);
        assertThat(connection.movedTo()).isSameAs(there.pool);
        assertThat(connection.channel().eventLoop()).isSameAs(bench.loops.get(1));
        assertThat(bench.opened).isEqualTo(1);
    }

    @Test
    void aLoopWithConnectionsOfItsOwnAsksAnotherAfterTenMilliseconds() {
        bench(settings().size(2), 2);
        FakeLessee one = lease("photos", 0, 1).getFirst();
        FakeLessee other = lease("photos", 1, 1).getFirst();
        giveBack(one);
        FakeLessee waiting = lease("photos", 1);
        bench.pass(Duration.ofMillis(5));
        assertThat(waiting.waits()).isTrue();
        bench.pass(Duration.ofMillis(20));
        assertThat(waiting.connection).isNotNull().isNotSameAs(other.connection);
    }

    @Test
    void whatComesBackGoesToTheLoopWhereSomeoneHasWaitedLonger() {
        bench(settings().size(1), 2);
        FakeLessee holder = lease("photos", 0, 1).getFirst();
        FakeLessee longer = lease("photos", 1);
        bench.pass(Duration.ofMillis(50));
        FakeLessee shorter = lease("photos", 0);
        giveBack(holder);
        assertThat(longer.connection).isNotNull();
        giveBack(longer);
        bench.pass(Duration.ofMillis(30));
        assertThat(shorter.connection).isNotNull();
    }

    @Test
    void anUnusedConnectionOfAnotherLoginMakesRoom_whenTheServersPlacesAreTaken() {
        bench(settings().perServer(3), 1);
        List<FakeLessee> rich = lease("ann", 0, 3);
        rich.forEach(this::giveBack);
        FakeLessee poor = lease("bob", 0, 1).getFirst();
        assertThat(poor.connection).isNotNull();
        assertThat(bench.open()).isEqualTo(3);
    }

    @Test
    void aBusyLoginYieldsToOneThatHasFewer_asItsConnectionsComeBack() {
        bench(settings().perServer(4), 1);
        List<FakeLessee> rich = lease("ann", 0, 12);
        List<FakeLessee> poor = lease("bob", 0, 12);
        for (int i = 0; i < 8; i++) {
            giveBack(rich.get(i));
            bench.acceptAll();
        }
        long poors = poor.stream().filter(each -> each.connection != null).count();
        assertThat(poors).as("an equal share, and no more").isEqualTo(2);
        assertThat(bench.opened).as("nothing goes back and forth").isEqualTo(6);
    }

    /** Found by ServerPoolPropertiesTest with seed -6647573286532096420: each new connection was closed for a login that could not open one yet. */
    @Test
    void nobodyYieldsWhileTheServerHasPlacesLeft() {
        bench(settings().size(4).perServer(4).opening(1), 1);
        List<FakeLessee> bobs = lease("bob", 0, 9);
        lease("ann", 0, 5);
        bobs.subList(0, 4).forEach(each -> each.connection.dirty = true);
        bobs.subList(0, 4).forEach(this::giveBack);
        for (int i = 0; i < 50 && !bench.attempts.isEmpty(); i++) {
            bench.accept();
            bench.run();
        }
        assertThat(bench.open()).isEqualTo(4);
        assertThat(bench.opened).isEqualTo(8);
    }

    @Test
    void whatWasNotUsedForLongIsClosed_downToTheLeastToBeKept() {
        bench(settings().min(1).idle(Duration.ofSeconds(10)), 1);
        lease("photos", 0, 5).forEach(this::giveBack);
        bench.pass(Duration.ofSeconds(9));
        assertThat(bench.open()).isEqualTo(5);
        bench.pass(Duration.ofSeconds(4));
        assertThat(bench.open()).isEqualTo(1);
    }

    @Test
    void anOldConnectionIsClosedWhenItComesBack_orWhileUnused_andNotAllAtOnce() {
        bench(settings().lifetime(Duration.ofMinutes(1)), 1);
        List<FakeLessee> all = lease("photos", 0, 20);
        all.subList(1, 20).forEach(this::giveBack);
        bench.pass(Duration.ofSeconds(52));
        assertThat(bench.open()).isEqualTo(20);
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.open()).isBetween(2L, 19L);
        bench.pass(Duration.ofSeconds(14));
        assertThat(all.getFirst().connection.channel().isOpen()).as("never in the middle of use").isTrue();
        assertThat(bench.open()).isEqualTo(1);
        giveBack(all.getFirst());
        assertThat(bench.open()).isZero();
    }

    @Test
    void asManyAsAreToBeKeptAreOpenedAnew_whenTheServerHasClosedThem() {
        bench(settings().min(2).idle(Duration.ofSeconds(8)), 1);
        lease("photos", 0, 3).forEach(this::giveBack);
        for (FakeConnection each : bench.connections) {
            each.close();
            bench.pool("photos", 0).gone(each, bench.nanos());
        }
        for (int i = 0; i < 10; i++) {
            bench.pass(Duration.ofSeconds(1));
            bench.acceptAll();
        }
        assertThat(bench.open()).isEqualTo(2);
    }

    @Test
    void whoWaitsAtAMemberThatLeavesIsSentOn_andItsConnectionsAreClosed() {
        bench(settings().size(2), 2);
        List<FakeLessee> two = lease("photos", 0, 2);
        giveBack(lease("ann", 0, 1).getFirst());
        FakeLessee waiting = lease("photos", 1);
        bench.run();
        bench.member.close(PoolBench.GONE);
        bench.run();

        assertThat(waiting.moved).isTrue();
        assertThat(lease("photos", 0).moved).isTrue();
        assertThat(bench.open()).as("those that are leased").isEqualTo(2);
        two.forEach(this::giveBack);
        assertThat(bench.open()).isZero();
        assertThat(bench.member.open()).isZero();
    }

    @Test
    void whoWaitsAtAPrimaryThatIsOneNoMoreIsSentOn_andItsConnectionsStay() {
        bench(settings().size(1), 1);
        FakeLessee holder = lease("photos", 0, 1).getFirst();
        FakeLessee waiting = lease("photos", 0);
        waiting.pool.sendOn(PoolBench.GONE);

        assertThat(waiting.moved).isTrue();
        giveBack(holder);
        assertThat(lease("photos", 0).connection).isSameAs(bench.connections.getFirst());
    }

    @Test
    void aSmallerSizeIsReachedAsConnectionsComeBack() {
        bench(settings().size(5), 1);
        List<FakeLessee> five = lease("photos", 0, 5);
        bench.member.settings(settings().size(2).made());
        five.forEach(this::giveBack);
        assertThat(bench.open()).isEqualTo(2);
    }

    @Test
    void aLargerSizeServesWhoWaits() {
        bench(settings().size(1), 1);
        List<FakeLessee> three = lease("photos", 0, 3);
        bench.member.settings(settings().size(3).made());
        bench.run();
        bench.acceptAll();
        assertThat(three).allMatch(each -> each.connection != null);
    }

    @Test
    void whoGivesBackAtOnceDoesNotNestTheNextOnesGrant() {
        bench(settings().size(1), 1);
        FakeLessee holder = lease("photos", 0, 1).getFirst();
        int[] depth = new int[2];
        ServerPool<FakeConnection> pool = holder.pool;
        for (int i = 0; i < 9_000; i++) {
            pool.lease(new Fleeting(pool, depth), bench.nanos());
        }
        giveBack(holder);
        assertThat(depth[1]).isEqualTo(1);
    }

    /** Gives its connection back while it is granted. */
    private record Fleeting(ServerPool<FakeConnection> pool, int[] depth) implements ServerPool.Lessee<FakeConnection> {
        @Override
        public void granted(FakeConnection connection) {
            depth[0]++;
            depth[1] = Math.max(depth[0], depth[1]);
            pool.giveBack(connection, 0);
            depth[0]--;
        }

        @Override
        public void refused(PostgresError why) {}

        @Override
        public void moved(PostgresError why) {}

        @Override
        public Object settings() {
            return "";
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
