package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Values of keys whose entries are looked at first. Does not block. Safe for any thread. */
final class Reader {
    private final Entries entries;
    private final Loads loads;
    private final Truth truth;
    private final Owed owed;
    private final Clock clock;
    private final List<CacheFigures> figures;
    private final Consumer<CacheKey> hit;

    /** @param hit told each key that its entry answers; must not block */
    Reader(Entries entries, Loads loads, Truth truth, Owed owed, Clock clock, List<CacheFigures> figures, Consumer<CacheKey> hit) {
        this.entries = entries;
        this.loads = loads;
        this.truth = truth;
        this.owed = owed;
        this.clock = clock;
        this.figures = figures;
        this.hit = hit;
    }

    /** The value, empty when there is none; exceptionally {@link Refused} when it cannot be had. A node that is down is as one that has nothing. */
    CompletionStage<Optional<byte[]>> read(CacheKey key) {
        if (owed.holds(key)) {
            return miss(key);
        }
        return entries.glance(key).handle((entry, failure) -> failure == null ? entry : Optional.<Entry>empty())
                .thenCompose(entry -> entry.isPresent() && truth.answers(key, entry.get()) ? hit(key, entry.get()) : miss(key));
    }

    private CompletionStage<Optional<byte[]>> hit(CacheKey key, Entry entry) {
        CacheFigures counted = figures.get(key.rule().index());
        counted.hits().increment();
        hit.accept(key);
        if (entry.state() == Entry.State.NONE) {
            counted.negativeHits().increment();
        } else if (clock.now().toEpochMilli() >= entry.untilMillis()) {
            loads.refresh(key, entry);
        }
        return CompletableFuture.completedFuture(Load.value(entry));
    }

    private CompletionStage<Optional<byte[]>> miss(CacheKey key) {
        figures.get(key.rule().index()).misses().increment();
        return loads.load(key);
    }
}
