package dev.banyan.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wheel against a plain list of deadlines: never early, late by one tick at most, once each. */
class DeadlinesTest {
    private static final long TICK = Deadlines.tickNanos();

    /** The wheel, the list it is compared with, and a clock that only the test moves. */
    private static final class Model {
        private final RandomGenerator random;
        private final Deadlines wheel;
        private final List<One> all = new ArrayList<>();
        private final Set<One> untouched = new HashSet<>();
        private long now;
        private int expirations;

        Model(long seed, long origin) {
            random = new SplittableRandom(seed);
            now = origin;
            wheel = new Deadlines(origin);
            for (int i = 0; i < 40; i++) {
                all.add(new One());
            }
        }

        final class One extends Deadlines.Entry {
            private long deadline = Deadlines.NEVER;
            private long due = Deadlines.NEVER;

            @Override
            protected void expired(long at) {
                assertThat(at).isEqualTo(now);
                assertThat(deadline).as("it has one, not taken back, not moved on, not told before").isNotEqualTo(Deadlines.NEVER);
                assertThat(deadline).as("never early").isLessThanOrEqualTo(now);
                deadline = Deadlines.NEVER;
                due = Deadlines.NEVER;
                untouched.remove(this);
                expirations++;
                for (int i = random.nextInt(3); i > 0; i--) {
                    change(all.get(random.nextInt(all.size())));
                }
                if (random.nextInt(4) == 0) {
                    change(this);
                }
            }
        }

        /** Any of what a user may do, to any entry, at any time. */
        void change(One one) {
            switch (random.nextInt(10)) {
                case 0 -> forget(one);
                case 1 -> end(one, Deadlines.NEVER);
                case 2 -> end(one, now - random.nextLong(10 * TICK));
                case 3 -> end(one, now);
                case 4 -> end(one, now + random.nextLong(2 * TICK));
                case 5 -> end(one, now + random.nextLong(3_000 * TICK));
                case 6 -> end(one, (Math.floorDiv(now, TICK) + random.nextInt(600)) * TICK);
                default -> end(one, now + random.nextLong(40 * TICK));
            }
        }

        /** Every entry that was due a tick ago is told, unless another that was told first has moved it on. */
        void expire() {
            untouched.clear();
            all.stream().filter(one -> one.due < now - TICK).forEach(untouched::add);
            wheel.expire(now);
            assertThat(untouched).as("late by one tick at most").isEmpty();
            assertThat(wheel.isEmpty()).as("empty").isIn(all.stream().allMatch(one -> one.deadline == Deadlines.NEVER), false);
        }

        private void end(One one, long deadline) {
            untouched.remove(one);
            one.deadline = deadline;
            one.due = Math.max(deadline, now); // one that has passed already is told by the next tick
            one.endAt(wheel, deadline);
        }

        private void forget(One one) {
            untouched.remove(one);
            one.deadline = Deadlines.NEVER;
            one.due = Deadlines.NEVER;
            one.forget(wheel);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 123_456_789_012_345L, -1, -123_456_789_012_345L, -20 * 50_000_000L})
    void tellsWhatIsDue_asAPlainListWould(long origin) {
        int expirations = 0;
        for (int seed = 0; seed < 60; seed++) {
            Model model = new Model(seed, origin);
            for (int step = 0; step < 400; step++) {
                for (int i = model.random.nextInt(4); i > 0; i--) {
                    model.change(model.all.get(model.random.nextInt(model.all.size())));
                }
                model.now += switch (model.random.nextInt(20)) {
                    case 0 -> model.random.nextLong(2_000 * TICK);
                    case 1 -> 0;
                    case 2 -> 512 * TICK;
                    default -> model.random.nextLong(2 * TICK);
                };
                model.expire();
            }
            model.all.forEach(one -> one.forget(model.wheel));
            assertThat(model.wheel.isEmpty()).as("nothing is left behind").isTrue();
            expirations += model.expirations;
        }
        assertThat(expirations).isGreaterThan(10_000);
    }

    /** Without changes from within, every entry's lateness is exact. */
    @Test
    void isLateByOneTickAtMost_whenItIsAskedEachTick() {
        RandomGenerator random = new SplittableRandom(7);
        long[] now = {-5 * TICK};
        Deadlines wheel = new Deadlines(now[0]);
        List<Long> lateness = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            long deadline = now[0] + random.nextLong(2_000 * TICK);
            new Deadlines.Entry() {
                @Override
                protected void expired(long at) {
                    lateness.add(at - deadline);
                }
            }.endAt(wheel, deadline);
        }
        while (!wheel.isEmpty()) {
            now[0] += TICK;
            wheel.expire(now[0]);
        }
        assertThat(lateness).hasSize(2_000).allSatisfy(late -> assertThat(late).isBetween(0L, TICK));
    }

    @Test
    void movesOnLater_andSooner_andTakesBack() {
        List<String> told = new ArrayList<>();
        Deadlines wheel = new Deadlines(0);
        Deadlines.Entry entry = new Deadlines.Entry() {
            @Override
            protected void expired(long at) {
                told.add(at / TICK + "");
            }
        };
        entry.endAt(wheel, 5 * TICK);
        entry.endAt(wheel, 100 * TICK);
        look(wheel, 1, 99);
        assertThat(told).isEmpty();
        entry.endAt(wheel, 1_000 * TICK);
        entry.endAt(wheel, 110 * TICK);
        look(wheel, 100, 120);
        assertThat(told).containsExactly("111");
        entry.endAt(wheel, 130 * TICK);
        entry.endAt(wheel, Deadlines.NEVER);
        look(wheel, 121, 140);
        assertThat(told).hasSize(1);
        assertThat(wheel.isEmpty()).isTrue();
    }

    @Test
    void endsTheOthers_whenTheEndOfOneFails() {
        List<Integer> told = new ArrayList<>();
        Deadlines wheel = new Deadlines(0);
        for (int i = 0; i < 3; i++) {
            int number = i;
            new Deadlines.Entry() {
                @Override
                protected void expired(long at) {
                    told.add(number);
                    if (number == 0) {
                        throw new IllegalStateException("a fault");
                    }
                }
            }.endAt(wheel, (number < 2 ? 5 : 6) * TICK);
        }
        look(wheel, 1, 5);
        assertThatThrownBy(() -> look(wheel, 6, 6)).hasMessage("a fault");
        look(wheel, 7, 7);
        assertThat(told).containsExactly(0, 1, 2);
        assertThat(wheel.isEmpty()).isTrue();
    }

    private static void look(Deadlines wheel, int from, int to) {
        for (int tick = from; tick <= to; tick++) {
            wheel.expire(tick * TICK);
        }
    }
}
