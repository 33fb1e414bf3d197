package dev.banyan.cache;

import dev.banyan.cache.Entries.Lease;
import dev.banyan.cache.Loads.Loading;
import dev.banyan.cache.Rows.Loaded;
import dev.banyan.cache.Rows.Place;
import dev.banyan.resp.NodeDown;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One load of one key: takes the lease at the node, asks the database, and stores what it says if the lease is still there. A change that is
 * told meanwhile breaks the lease; one that was told before must be visible in the load's snapshot. Used once; blocks.
 *
 * <p>(Nishtala and others, "Scaling Memcache at Facebook", 2013, 3.2.1, for leases; the snapshot is ours.)
 */
final class Load {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
    /** A load that has not ended by then is given up for dead by others. */
    private static final Duration LEASED = Duration.ofSeconds(2);
    /** How long after a load that saw too little the primary is asked, in turn: with synchronous replication a commit is in the log before it is visible. */
    private static final long[] AGAIN_MILLIS = {0, 2, 10, 50};

    private final CacheKey key;
    private final Loading all;
    private final CacheFigures figures;

    Load(CacheKey key, Loading all, CacheFigures figures) {
        this.key = key;
        this.all = all;
        this.figures = figures;
    }

    /** The value, empty when there is none. @throws Refused when it cannot be had */
    Optional<byte[]> run() {
        if (all.owed().holds(key)) {
            return found(Waiting.EMPTY).loaded().value();
        }
        try {
            return leased();
        } catch (NodeDown e) {
            return found(Waiting.EMPTY).loaded().value();
        }
    }

    private Optional<byte[]> leased() {
        long token = all.random().nextLong() | 1; // 0 is nobody's
        long giveUp = all.clock().nanos() + Math.min(LEASED.toNanos(), all.answer().toNanos() / 2);
        Duration pause = FIRST_PAUSE;
        while (true) {
            Entry there = lease(token);
            if (there.answers()) {
                return value(there);
            }
            if (there.token() == token) {
                return fill(there);
            }
            if (all.clock().nanos() - giveUp > 0) {
                return found(there.xids()).loaded().value();
            }
            Waiting.sleep(all.clock(), pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Entry lease(long token) {
        long now = now();
        Lease wish = new Lease(all.truth().generation(key.rule()), token, now, now + LEASED.toMillis());
        return Waiting.on(all.entries().lease(key, wish, all.truth().oldestMillis(key.rule())), all.answer());
    }

    static Optional<byte[]> value(Entry entry) {
        return entry.state() == Entry.State.VALUE ? Optional.of(entry.value()) : Optional.empty();
    }

    private Optional<byte[]> fill(Entry lease) {
        Found found;
        try {
            found = found(lease.xids());
        } catch (RuntimeException e) {
            release(lease);
            throw e;
        }
        Keeping keeping = Keeping.of(key.rule(), found.loaded(), all.random());
        if (found.allowed() && keeping.keeps()) {
            store(lease, found, keeping);
        } else {
            release(lease);
        }
        return found.loaded().value();
    }

    private void store(Entry there, Found found, Keeping keeping) {
        Entry entry = keeping.entry(there.generation(), found);
        try {
            Waiting.on(all.entries().replace(key, there, entry, keeping.keptMillis()), all.answer());
        } catch (NodeDown | Refused e) {
            // the value is right all the same; it is only not kept
        }
    }

    /** So that others need not wait for its end. */
    private void release(Entry lease) {
        Entry gone = new Entry(Entry.State.GONE, lease.generation(), 0, lease.atMillis(), 0, lease.xids(), new byte[0]);
        try {
            Waiting.on(all.entries().replace(key, lease, gone, NodeEntries.GONE_KEPT.toMillis()), all.answer());
        } catch (NodeDown | Refused e) {
            // it ends by itself
        }
    }

    /** Loads anew what a node has, and puts it in its place if that is still there. */
    void refresh(Entry entry) {
        try {
            Found found = found(entry.xids());
            Keeping keeping = Keeping.of(key.rule(), found.loaded(), all.random());
            if (found.allowed() && keeping.keeps()) {
                store(entry, found, keeping);
            }
        } catch (NodeDown | Refused e) {
            // the old one ends in its time
        }
    }

    /** Asks the database until it shows all that is known to be committed; at last takes what the primary shows. */
    private Found found(int[] ofEntry) {
        int[] mustSee = IntStream.concat(IntStream.of(all.truth().recent().of(key)), IntStream.of(ofEntry)).distinct().toArray();
        Place place = all.truth().horizon().asksReplicas() ? Place.REPLICA : Place.PRIMARY;
        Found found = ask(place, mustSee);
        for (int i = place == Place.REPLICA ? 0 : 1; i < AGAIN_MILLIS.length && !found.allowed(); i++) {
            figures.refusedFills().increment();
            Waiting.sleep(all.clock(), Duration.ofMillis(AGAIN_MILLIS[i]));
            found = ask(Place.PRIMARY, mustSee);
        }
        return found;
    }

    private Found ask(Place place, int[] mustSee) {
        long began = now();
        long beganNanos = all.clock().nanos();
        figures.loads().increment();
        try {
            Loaded loaded = all.rows().load(key, place);
            figures.loadSeconds().record(all.clock().nanos() - beganNanos);
            return new Found(loaded, all.truth().allows(loaded.snapshot(), mustSee), mustSee, began);
        } catch (SQLException e) {
            figures.loadFailures().increment();
            throw SqlErrors.refused(key.rule(), "loading a value", e);
        }
    }

    private long now() {
        return all.clock().now().toEpochMilli();
    }

    /**
     * An answer of the database.
     *
     * @param allowed whether it has all that it must see
     * @param atMillis when it was asked
     */
    record Found(Loaded loaded, boolean allowed, int[] saw, long atMillis) {}
}
