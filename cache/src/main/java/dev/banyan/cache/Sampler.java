package dev.banyan.cache;

import dev.banyan.cache.Loads.Loading;
import dev.banyan.cache.Rows.Place;
import dev.banyan.resp.NodeDown;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Now and then compares an entry that was read with its row, and publishes what it finds: whether the cache tells the truth is measured, not
 * believed. One that differs is looked at again when it has had time to be told of: only one that still is the same, and still is not the row's
 * value, counts as different. Owned by one thread at a time, but for {@link #offer}.
 *
 * <p>(The idea is Meta's Polaris: "Cache made consistent", 2022.)
 */
final class Sampler {
    private final Loading all;
    private final List<CacheFigures> figures;
    private final Consumer<String> warn;
    private volatile CacheKey candidate;
    private Optional<Suspect> suspect = Optional.empty();

    /** @param warn told of an entry that differs, in one sentence */
    Sampler(Loading all, List<CacheFigures> figures, Consumer<String> warn) {
        this.all = all;
        this.figures = figures;
        this.warn = warn;
    }

    /** A key was answered by its entry; one of them is compared next. */
    void offer(CacheKey key) {
        if (candidate == null && key.rule().followed() && key.rule().declared().table().isPresent()) {
            candidate = key;
        }
    }

    /** Compares the entry that differed last time, or one more. Blocks. Called about once a second. */
    void compareOne() {
        try {
            if (suspect.isPresent()) {
                Suspect again = suspect.get();
                suspect = Optional.empty();
                compare(again.key, Optional.of(again));
            } else if (candidate != null) {
                CacheKey key = candidate;
                candidate = null;
                compare(key, Optional.empty());
            }
        } catch (NodeDown | Refused | SQLException e) {
            // another time
        }
    }

    private void compare(CacheKey key, Optional<Suspect> before) throws SQLException {
        Optional<Entry> there = Waiting.on(all.entries().glance(key), all.answer());
        if (there.isEmpty() || !all.truth().answers(key, there.get()) || !all.truth().follows(key.rule())) {
            return;
        }
        boolean same = same(Load.value(there.get()), all.rows().load(key, Place.PRIMARY).value());
        CacheFigures counted = figures.get(key.rule().index());
        if (same) {
            counted.compared().increment();
        } else if (before.filter(suspected -> suspected.entry.equals(there.get())).isEmpty()) {
            suspect = Optional.of(new Suspect(key, there.get()));
        } else {
            counted.compared().increment();
            counted.different().increment();
            warn.accept("the entry of " + key + " (" + there.get() + ") is not its row's value, and no change of it is under way");
        }
    }

    private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
        return one.isPresent() == other.isPresent() && (one.isEmpty() || Arrays.equals(one.get(), other.get()));
    }

    private record Suspect(CacheKey key, Entry entry) {}
}
