package dev.banyan.http.cache;

import static dev.banyan.http.cache.Stored.head;
import static dev.banyan.http.cache.Stored.key;
import static dev.banyan.http.cache.Stored.put;
import static dev.banyan.http.cache.Stored.vary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.Purge.Scope;
import dev.banyan.topology.Edge.Eviction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is purged is not used again, whenever it comes. */
class PurgeTest {
    private final ResponseStore store = ResponseStore.inMemory(ResponseStore.Settings.of(16 << 20, 1 << 20, Eviction.LRU));

    @AfterEach
    void close() {
        store.close();
    }

    private static Purge hard(Scope scope) {
        return new Purge(scope, true);
    }

    private static Purge soft(Scope scope) {
        return new Purge(scope, false);
    }

    @Test
    void byUrlGoAllItsVariants_andNoOthers() {
        put(store, key("/a"), head(vary("gzip"), "\"1\""), "1");
        put(store, key("/a"), head(vary("br"), "\"1\""), "2");
        put(store, key("/ab"), head(), "3");
        assertThat(store.purge(hard(new Scope.Url(key("/a"))))).isEqualTo(2);
        assertThat(store.lookup(key("/a")).isEmpty()).isTrue();
        assertThat(store.lookup(key("/ab")).isEmpty()).isFalse();
    }

    @Test
    void byTagGoesWhatHasIt() {
        put(store, key("/a"), head("user-1", "photo-2"), "1");
        put(store, key("/b"), head("user-2"), "2");
        put(store, key("/c"), head(), "3");
        assertThat(store.purge(hard(new Scope.Tag("user-1")))).isEqualTo(1);
        assertThat(store.lookup(key("/a")).isEmpty()).isTrue();
        assertThat(store.lookup(key("/b")).isEmpty()).isFalse();
        assertThat(store.lookup(key("/c")).isEmpty()).isFalse();
    }

    @Test
    void byPrefixGoesWhatBeginsSo() {
        put(store, key("/photos/1"), head(), "1");
        put(store, key("/photos/2?w=3"), head(), "2");
        put(store, key("/photo"), head(), "3");
        assertThat(store.purge(hard(new Scope.Prefix("https://photos.test/photos/")))).isEqualTo(2);
        assertThat(store.lookup(key("/photo")).isEmpty()).isFalse();
        assertThat(store.figures().responses()).isEqualTo(1);
    }

    @Test
    void softlyIsStaleAndStillThere_untilItIsFetchedAnew() {
        put(store, key("/a"), head(), "1");
        assertThat(store.purge(soft(new Scope.All()))).isEqualTo(1);
        assertThat(store.lookup(key("/a")).all().getFirst().isInvalidated()).isTrue();
        put(store, key("/a"), head(), "2");
        assertThat(store.lookup(key("/a")).all()).hasSize(1).first().matches(response -> !response.isInvalidated());
    }

    @Test
    void aResponseThatWasAskedForBefore_andComesAfter_isCaughtByEachScope() {
        for (Scope scope : List.of(new Scope.Url(key("/a")), new Scope.Tag("t"), new Scope.Prefix("https://photos.test/"), new Scope.All())) {
            long before = store.epoch();
            store.purge(soft(scope));
            assertThat(put(store, key("/a"), head("t"), "old", before)).isTrue();
            assertThat(store.lookup(key("/a")).all().getFirst().isInvalidated()).as(scope.toString()).isTrue();

            long later = store.epoch();
            store.purge(hard(scope));
            assertThat(store.lookup(key("/a")).isEmpty()).isTrue();
            assertThat(put(store, key("/a"), head("t"), "old", later)).as(scope.toString()).isFalse();
            assertThat(store.lookup(key("/a")).isEmpty()).isTrue();
            assertThat(put(store, key("/a"), head("t"), "new", store.epoch())).isTrue();
        }
    }

    @Test
    void anInvalidationCatchesWhatIsBeingFetched() {
        long before = store.epoch();
        store.invalidate(key("/a"));
        assertThat(store.purgedSince(key("/a"), List.of(), before)).isTrue();
        assertThat(put(store, key("/a"), head(), "old", before)).isFalse();
        assertThat(store.lookup(key("/a")).isEmpty()).isTrue();
        assertThat(put(store, key("/a"), head(), "new", store.epoch())).isTrue();
    }

    @Test
    void whatIsOutdatedIsStaleAndStillThere_andSoIsWhatIsBeingFetched() {
        put(store, key("/a"), head(), "1");
        long before = store.epoch();
        store.outdate(key("/a"));
        assertThat(store.lookup(key("/a")).all().getFirst().isInvalidated()).isTrue();
        put(store, key("/a"), head(), "2", before);
        assertThat(store.lookup(key("/a")).all().getFirst().isInvalidated()).isTrue();
    }

    @Test
    void anInvalidationLeavesNothingThatCouldStandInForAnOriginThatFails() {
        put(store, key("/a"), head(), "1");
        store.invalidate(key("/a"));
        assertThat(store.lookup(key("/a")).isEmpty()).isTrue();
    }

    @Test
    void howeverMuchIsPurged_whatIsStoredAndNotMeantStays() {
        put(store, key("/x"), head("mine"), "1");
        for (int i = 0; i < 40_000; i++) {
            store.invalidate(key("/other/" + i));
            if (i % 40 == 0) {
                store.purge(hard(new Scope.Tag("other-" + i)));
                store.purge(hard(new Scope.Prefix("https://photos.test/other/" + i)));
            }
        }
        assertThat(store.lookup(key("/x")).all()).hasSize(1).first().matches(response -> !response.isInvalidated());
    }

    @Test
    void moreThanSoManyPrefixesErrTowardsPurging() {
        put(store, key("/x"), head(), "1");
        long before = store.epoch();
        for (int i = 0; i < 300; i++) {
            store.purge(hard(new Scope.Prefix("https://photos.test/" + i + "/")));
        }
        assertThat(put(store, key("/x"), head(), "2", before)).as("the first prefixes cover all by now").isFalse();
        assertThat(put(store, key("/x"), head(), "3", store.epoch())).isTrue();
    }

    /** Many fetch and store what the origin says at that time, one changes the origin and purges: no lookup after a purge gives what was said before it. */
    @Test
    void noLookupAfterAPurgeGivesWhatTheOriginSaidBeforeIt() throws Exception {
        AtomicLong origin = new AtomicLong(1);
        AtomicLong acknowledged = new AtomicLong();
        List<Scope> scopes = List.of(new Scope.Url(key("/a")), new Scope.Tag("t"), new Scope.Prefix("https://photos.test/"), new Scope.All());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new java.util.ArrayList<>();
            for (int i = 0; i < 3; i++) {
                running.add(threads.submit(() -> {
                    while (origin.get() < 200) {
                        long purged = acknowledged.get();
                        Variants found = store.lookup(key("/a"));
                        if (!found.isEmpty() && !found.all().getFirst().isInvalidated()) {
                            long said = Long.parseLong(found.all().getFirst().head().etag());
                            assertThat(said).isGreaterThanOrEqualTo(purged);
                        } else {
                            long epoch = store.epoch();
                            put(store, key("/a"), head(StoredHead.Vary.NONE, "" + origin.get(), "t"), "x", epoch);
                        }
                    }
                }));
            }
            for (int i = 0; origin.get() < 200; i++) {
                while (store.lookup(key("/a")).all().stream().allMatch(StoredResponse::isInvalidated)) {
                    assertThat(running).as("none has failed").noneMatch(Future::isDone);
                    Thread.yield(); // so that each purge meets something, and fetches under way
                }
                long now = origin.incrementAndGet();
                store.purge(new Purge(scopes.get(i % scopes.size()), i % 3 != 0));
                acknowledged.set(now);
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    /** @param act 0 and 1 store, 2 purges, 3 looks up */
    private record Step(int act, int path, int tag, int scope, boolean hard) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.integers().between(0, 8), Arbitraries.integers().between(0, 3), Arbitraries.integers().between(0, 3), Arbitraries.of(true, false))
                .as(Step::new).list().ofMaxSize(200);
    }

    /** What a map would say: nothing is evicted here, so the store must say the same. */
    @Property(tries = 300)
    void theStoreSaysWhatAMapSays(@ForAll Eviction eviction, @ForAll("steps") List<Step> steps) {
        record Said(int number, int tag, boolean stale) {}
        Map<Integer, Said> model = new HashMap<>();
        try (ResponseStore tried = ResponseStore.inMemory(ResponseStore.Settings.of(4 << 20, 1 << 20, eviction))) {
            int number = 0;
            for (Step step : steps) {
                switch (step.act) {
                    case 0, 1 -> {
                        number++;
                        put(tried, path(step.path), head(StoredHead.Vary.NONE, "" + number, "tag-" + step.tag), "x");
                        model.put(step.path, new Said(number, step.tag, false));
                    }
                    case 2 -> {
                        Scope scope = switch (step.scope) {
                            case 0 -> new Scope.Url(path(step.path));
                            case 1 -> new Scope.Tag("tag-" + step.tag);
                            case 2 -> new Scope.Prefix("https://photos.test/" + step.path % 3 + "/");
                            default -> new Scope.All();
                        };
                        List<Integer> covered = model.keySet().stream().filter(path -> switch (step.scope) {
                            case 0 -> path == step.path;
                            case 1 -> model.get(path).tag == step.tag;
                            case 2 -> path % 3 == step.path % 3;
                            default -> true;
                        }).toList();
                        assertThat(tried.purge(new Purge(scope, step.hard))).isEqualTo(covered.size());
                        for (int path : covered) {
                            model.computeIfPresent(path, (_, said) -> step.hard ? null : new Said(said.number, said.tag, true));
                        }
                    }
                    default -> {
                        Said expected = model.get(step.path);
                        List<StoredResponse> found = tried.lookup(path(step.path)).all();
                        if (expected == null) {
                            assertThat(found).isEmpty();
                        } else {
                            assertThat(found).hasSize(1);
                            assertThat(found.getFirst().head().etag()).isEqualTo("" + expected.number);
                            assertThat(found.getFirst().isInvalidated()).isEqualTo(expected.stale);
                        }
                    }
                }
            }
            assertThat(tried.figures().responses()).isEqualTo(model.size());
        }
    }

    private static CacheKey path(int path) {
        return key("/" + path % 3 + "/" + path);
    }

    @Test
    void aPurgeOfAllLeavesNoMemoryBehind() {
        for (int i = 0; i < 500; i++) {
            put(store, key("/" + i), head("t" + i % 7), "x".repeat(i));
        }
        assertThat(store.purge(hard(new Scope.All()))).isEqualTo(500);
        assertThat(store.figures().bytes()).isZero();
    }
}
