package dev.banyan.http.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Edge.Eviction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Each policy keeps its budget, gives out what it was given, and chooses as its paper says. */
class EvictionPolicyTest {
    private final Map<Integer, Evictable> known = new LinkedHashMap<>();

    private Evictable add(EvictionPolicy policy, int name) {
        return add(policy, name, 10);
    }

    private Evictable add(EvictionPolicy policy, int name, long weight) {
        Evictable one = new Evictable(name, weight);
        known.put(name, one);
        policy.added(one);
        return one;
    }

    private void use(EvictionPolicy policy, int name) {
        policy.touched(known.get(name));
    }

    private List<Integer> victims(EvictionPolicy policy) {
        List<Integer> gone = new ArrayList<>();
        for (Evictable victim = policy.victim(); victim != null; victim = policy.victim()) {
            gone.add((int) victim.hash);
            known.remove((int) victim.hash);
        }
        return gone;
    }

    @Test
    void fifoLetsGoWhatCameFirst_howeverMuchItIsUsed() {
        EvictionPolicy policy = EvictionPolicy.of(Eviction.FIFO, 30);
        List.of(1, 2, 3).forEach(name -> add(policy, name));
        use(policy, 1);
        add(policy, 4);
        assertThat(victims(policy)).containsExactly(1);
    }

    @Test
    void lruLetsGoWhatWasNotUsedForLongest() {
        EvictionPolicy policy = EvictionPolicy.of(Eviction.LRU, 30);
        List.of(1, 2, 3).forEach(name -> add(policy, name));
        use(policy, 1);
        add(policy, 4);
        add(policy, 5);
        assertThat(victims(policy)).containsExactly(2, 3);
    }

    @Test
    void lfuLetsGoWhatWasUsedLeast_andOfThoseWhatGotThereFirst() {
        EvictionPolicy policy = EvictionPolicy.of(Eviction.LFU, 30);
        List.of(1, 2, 3).forEach(name -> add(policy, name));
        List.of(1, 1, 2, 3, 3).forEach(name -> use(policy, name));
        policy.drain();
        add(policy, 4);
        assertThat(victims(policy)).as("the new one was used least").containsExactly(4);
        policy.resized(known.get(3), 20);
        assertThat(victims(policy)).containsExactly(2);
    }

    @Test
    void s3FifoLetsNewcomersGoQuickly_andKnowsThemAgain() {
        EvictionPolicy policy = EvictionPolicy.of(Eviction.S3_FIFO, 100_000);
        for (int name = 1; name <= 10; name++) {
            add(policy, name, 10_000);
        }
        List.of(2, 2, 3).forEach(name -> use(policy, name));
        add(policy, 11, 10_000);
        assertThat(victims(policy)).as("1 was not used").containsExactly(1);
        add(policy, 12, 10_000);
        assertThat(victims(policy)).as("2 was used twice and stays, 3 once").containsExactly(3);
        Evictable again = add(policy, 1, 10_000);
        assertThat(again.place).as("its ghost was there").isEqualTo(Evictable.Place.MAIN);
        assertThat(victims(policy)).containsExactly(4);
    }

    @Test
    void s3FifoGivesWhatIsUsedAnotherRound() {
        EvictionPolicy policy = EvictionPolicy.of(Eviction.S3_FIFO, 100);
        add(policy, 1);
        use(policy, 1);
        use(policy, 1);
        for (int name = 2; name < 1_000; name++) {
            add(policy, name);
            victims(policy);
            if (name % 5 == 0) {
                use(policy, 1);
            }
        }
        assertThat(known).containsKey(1);
    }

    @Test
    void tinyLfuKeepsWhatIsUsedOften_throughAScan() {
        EvictionPolicy policy = EvictionPolicy.of(Eviction.W_TINY_LFU, 1_000);
        for (int name = 0; name < 50; name++) {
            add(policy, name);
        }
        for (int name = 1_000; name < 3_000; name++) {
            add(policy, name);
            victims(policy);
            if (known.containsKey(name % 50)) {
                use(policy, name % 50);
            }
        }
        assertThat(known.keySet().stream().filter(name -> name < 50).count()).isGreaterThan(45);
    }

    /** @param act 0 adds, 1 uses, 2 resizes, 3 removes */
    private record Step(int act, int name, int weight) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> acts = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.just(0)), net.jqwik.api.Tuple.of(4, Arbitraries.just(1)), net.jqwik.api.Tuple.of(1, Arbitraries.just(2)), net.jqwik.api.Tuple.of(1, Arbitraries.just(3)));
        return Combinators.combine(acts, Arbitraries.integers().between(0, 40), Arbitraries.integers().between(1, 120)).as(Step::new).list().ofMaxSize(400);
    }

    @Property(tries = 200)
    void whateverIsDone_theBudgetIsKept_andNothingIsLostOrGivenOutTwice(@ForAll Eviction eviction, @ForAll("steps") List<Step> steps) {
        EvictionPolicy policy = EvictionPolicy.of(eviction, 500);
        Map<Integer, Evictable> model = new LinkedHashMap<>();
        Set<Evictable> gone = new HashSet<>();
        for (Step step : steps) {
            Evictable one = model.get(step.name);
            switch (step.act) {
                case 0 -> {
                    if (one == null) {
                        Evictable fresh = new Evictable(step.name, step.weight);
                        model.put(step.name, fresh);
                        policy.added(fresh);
                    }
                }
                case 1 -> {
                    if (one != null && policy.touched(one)) {
                        policy.drain();
                    }
                }
                case 2 -> {
                    if (one != null) {
                        policy.resized(one, step.weight);
                    }
                }
                default -> {
                    if (one != null) {
                        policy.removed(one);
                        model.remove(step.name);
                    }
                }
            }
            for (Evictable victim = policy.victim(); victim != null; victim = policy.victim()) {
                assertThat(gone.add(victim)).as("given out twice").isTrue();
                assertThat(model.remove((int) victim.hash)).isSameAs(victim);
            }
            long sum = model.values().stream().mapToLong(Evictable::weight).sum();
            assertThat(policy.bytes()).isEqualTo(sum).isLessThanOrEqualTo(500);
        }
    }
}
