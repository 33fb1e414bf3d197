package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.resp.NodeDown;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is put away while a node does not answer. It has an hour to do so, and no test waits for that. */
@Timeout(60)
class EvictionTest {
    private final Rule rule = new Rule(0, Declared.of("k:", Strategy.READ_THROUGH).table("t").keys());
    private final Frozen nodes = new Frozen();
    private Owed owed;
    private Eviction eviction;

    @BeforeEach
    void open(@TempDir Path folder) {
        Generations generations = Generations.open(folder, List.of(rule), Clock.system());
        owed = new Owed(folder);
        Truth truth = new Truth(generations::of, 1, Clock.system());
        Loads loads = new Loads(null, Runnable::run, CacheFigures.of(new Registry(Clock.system()), List.of(rule)));
        eviction = new Eviction(nodes, truth, generations, owed, Clock.system(), Duration.ofHours(1), loads);
    }

    private CacheKey key(String name) {
        return CacheKey.of(rule, List.of(name));
    }

    @Test
    void aNodeThatIsFrozenKeepsNoChangeFromTheOthers() {
        for (int commit = 1; commit <= 100; commit++) {
            eviction.evict(List.of(key("frozen-" + commit), key("well-" + commit)), commit, _ -> {});
        }
        assertThat(nodes.putAway).hasSize(100).allMatch(key -> key.startsWith("k:well-"));
        for (int commit = 1; commit <= 100; commit++) {
            assertThat(owed.holds(key("frozen-" + commit))).as("it may come back with an old entry").isTrue();
        }
    }

    @Test
    void whatIsAnsweredLateIsOwedNoMore_unlessItHasChangedSince() {
        eviction.evict(key("frozen-1"), 1);
        eviction.evict(key("frozen-2"), 2);
        CompletableFuture<Boolean> first = nodes.waiting.get("k:frozen-2").getFirst();
        eviction.evict(key("frozen-2"), 3);
        nodes.waiting.get("k:frozen-1").forEach(one -> one.complete(true));
        first.complete(true);
        assertThat(owed.holds(key("frozen-1"))).isFalse();
        assertThat(owed.holds(key("frozen-2"))).isTrue();
        nodes.waiting.get("k:frozen-2").getLast().complete(true);
        assertThat(owed.holds(key("frozen-2"))).isFalse();
    }

    @Test
    void whatANodeDiesWithStaysOwed() {
        eviction.evict(key("frozen-1"), 1);
        nodes.waiting.get("k:frozen-1").forEach(one -> one.completeExceptionally(new NodeDown("it has died")));
        assertThat(owed.holds(key("frozen-1"))).isTrue();
    }

    /** Nodes of which one never answers: that of keys that begin with "frozen". */
    private static final class Frozen implements Entries {
        final List<String> putAway = new ArrayList<>();
        final Map<String, List<CompletableFuture<Boolean>>> waiting = new HashMap<>();

        @Override
        public CompletionStage<Boolean> invalidate(CacheKey key, int xid, long generation, long nowMillis) {
            if (!key.toString().startsWith("k:frozen")) {
                putAway.add(key.toString());
                return CompletableFuture.completedFuture(true);
            }
            CompletableFuture<Boolean> never = new CompletableFuture<>();
            waiting.computeIfAbsent(key.toString(), _ -> new ArrayList<>()).add(never);
            return never;
        }

        @Override
        public CompletionStage<Optional<Entry>> glance(CacheKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Entry> lease(CacheKey key, Lease wish, long oldestMillis) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Entry> leaseFor(CacheKey key, int xid, Lease wish) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Boolean> replace(CacheKey key, Entry expected, Entry entry, long keepMillis) {
            throw new UnsupportedOperationException();
        }
    }
}
