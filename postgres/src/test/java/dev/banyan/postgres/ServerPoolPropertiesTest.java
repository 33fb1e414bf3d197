package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Any sequence of events at two logins' pools on three loops: limits hold, nobody is forgotten or answered twice, and each loop serves in turn. */
class ServerPoolPropertiesTest {
    private static final int LOOPS = 3;
    private static final List<String> USERS = List.of("ann", "bob");

    enum Act {
        LEASE,
        LEASE_AGAIN,
        GIVE_BACK,
        GIVE_BACK_DIRTY,
        LOSE_LEASED,
        LOSE_UNUSED,
        LEAVE,
        ACCEPT,
        ACCEPT_TWICE,
        UNREACHABLE,
        REFUSE,
        RUN_ONE_LOOP,
        PASS_TIME
    }

    /** @param which chooses the loop, the user, the lessee, as far as the act wants one */
    record Step(Act act, int which) {}

    record Limits(int min, int size, int perServer, int opening, int queue) {}

    @Property(tries = 1_500, shrinking = ShrinkingMode.OFF) // a shrinker goes on for minutes behind the tests that follow
    void limitsHold_nobodyIsForgotten_andEachLoopServesInTurn(@ForAll("limits") Limits limits, @ForAll("steps") List<Step> steps) {
        Run run = new Run(limits);
        for (Step step : steps) {
            run.act(step);
            run.check();
        }
        run.endsWell();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.of(Act.class), Arbitraries.integers().between(0, 1_000)).as(Step::new).list().ofMaxSize(250);
    }

    @Provide
    Arbitrary<Limits> limits() {
        var few = Arbitraries.integers().between(1, 4);
        return Combinators.combine(Arbitraries.integers().between(0, 2), few, Arbitraries.integers().between(1, 6), few, Arbitraries.of(2, 100)).as(Limits::new);
    }

    private static final class Run {
        private final Limits limits;
        private final PoolBench bench;
        private final List<FakeLessee> waiting = new ArrayList<>();
        private final List<FakeLessee> holding = new ArrayList<>();

        Run(Limits limits) {
            this.limits = limits;
            this.bench = new PoolBench(PoolBench.settings().min(limits.min).size(limits.size).perServer(limits.perServer).opening(limits.opening)
                    .queue(limits.queue).idle(Duration.ofSeconds(2)).lifetime(Duration.ofSeconds(20)).made(), LOOPS);
        }

        void act(Step step) {
            int which = step.which;
            switch (step.act) {
                case LEASE, LEASE_AGAIN -> lease(which);
                case GIVE_BACK -> giveBack(which, false);
                case GIVE_BACK_DIRTY -> giveBack(which, true);
                case LOSE_LEASED -> loseLeased(which);
                case LOSE_UNUSED -> loseUnused(which);
                case LEAVE -> leave(which);
                case ACCEPT, ACCEPT_TWICE -> accept(step.act == Act.ACCEPT ? 1 : 2);
                case UNREACHABLE, REFUSE -> {
                    if (!bench.attempts.isEmpty()) {
                        bench.refuse(step.act == Act.REFUSE ? PoolBench.WRONG_PASSWORD : PoolBench.UNREACHABLE);
                    }
                }
                case RUN_ONE_LOOP -> bench.loops.get(which % LOOPS).runNow();
                case PASS_TIME -> bench.advance(Duration.ofMillis(which));
            }
            sortOut();
        }

        private void lease(int which) {
            waiting.add(FakeLessee.at(bench.pool(USERS.get(which % 2), which / 2 % LOOPS), bench.nanos()));
        }

        private void giveBack(int which, boolean dirty) {
            if (!holding.isEmpty()) {
                FakeLessee holder = holding.remove(which % holding.size());
                holder.connection.dirty = dirty;
                holder.giveBack(bench.nanos());
            }
        }

        private void loseLeased(int which) {
            if (!holding.isEmpty()) {
                FakeLessee holder = holding.remove(which % holding.size());
                holder.connection.close();
                holder.pool.gone(holder.connection, bench.nanos());
                if (which % 2 == 0) {
                    holder.giveBack(bench.nanos()); // both ways of telling, one after the other
                }
            }
        }

        private void loseUnused(int which) {
            List<FakeConnection> unused = bench.connections.stream().filter(each -> holding.stream().noneMatch(holder -> holder.connection == each)).toList();
            if (!unused.isEmpty()) {
                FakeConnection lost = unused.get(which % unused.size());
                lost.close();
                if (which % 2 == 0) {
                    USERS.forEach(user -> bench.pool(user, which / 2 % LOOPS).gone(lost, bench.nanos()));
                }
            }
        }

        private void leave(int which) {
            if (!waiting.isEmpty()) {
                FakeLessee left = waiting.remove(which % waiting.size());
                left.pool.leave(left);
                left.pool.leave(left);
                assertThat(left.answers).isZero();
            }
        }

        private void accept(int times) {
            for (int i = 0; i < times && !bench.attempts.isEmpty(); i++) {
                bench.accept();
                sortOut();
                check();
            }
        }

        /** Who was answered no longer waits; in each line those who came before were answered too. */
        private void sortOut() {
            List<ServerPool<FakeConnection>> stillWaiting = new ArrayList<>();
            for (FakeLessee each : List.copyOf(waiting)) {
                assertThat(each.answers).isLessThanOrEqualTo(1);
                if (each.answers == 0) {
                    stillWaiting.add(each.pool);
                } else {
                    waiting.remove(each);
                    if (each.connection != null) {
                        assertThat(stillWaiting).as("someone came before").doesNotContain(each.pool);
                        holding.add(each);
                    }
                }
            }
        }

        void check() {
            assertThat(bench.attempts.size()).isLessThanOrEqualTo(limits.opening);
            assertThat(bench.open() + bench.attempts.size()).isLessThanOrEqualTo(limits.perServer).isEqualTo(bench.member.open());
            for (PoolFigures pool : bench.member.figures()) {
                assertThat(pool.open()).isLessThanOrEqualTo(limits.size);
                assertThat(pool.waiting()).isEqualTo((int) waiting.stream().filter(each -> each.pool.places().login().equals(pool.login())).count());
            }
            assertThat(holding.stream().map(each -> each.connection).distinct().count()).as("each is leased once").isEqualTo(holding.size());
            assertThat(holding).allMatch(each -> each.connection.channel().eventLoop() == each.pool.loop());
        }

        /** Faults end, and everyone gives back soon: then everyone is served, well before patience ends. */
        void endsWell() {
            for (int i = 0; i < 600 && !(waiting.isEmpty() && holding.isEmpty() && bench.attempts.isEmpty()); i++) {
                while (!holding.isEmpty()) {
                    giveBack(0, false);
                    sortOut();
                }
                if (!bench.attempts.isEmpty()) {
                    bench.accept();
                }
                bench.pass(Duration.ofMillis(10));
                sortOut();
                check();
            }
            assertThat(waiting).isEmpty();
            bench.pass(Duration.ofSeconds(30));
            bench.acceptAll();
            for (PoolFigures pool : bench.member.figures()) {
                assertThat(pool.waiting()).isZero();
                assertThat(pool.busy()).isZero();
                assertThat(pool.idle() + pool.opening()).isEqualTo(pool.open());
            }
            USERS.forEach(user -> {
                for (int loop = 0; loop < LOOPS; loop++) {
                    ServerPool<FakeConnection> pool = bench.pool(user, loop);
                    assertThat(pool.arriving).isZero();
                    assertThat(pool.own).isEqualTo(pool.idle());
                    assertThat(pool.places().wanted()).isFalse();
                }
            });
        }
    }
}
