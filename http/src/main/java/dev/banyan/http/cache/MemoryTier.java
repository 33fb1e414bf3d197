package dev.banyan.http.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Responses in memory, within a budget of bytes that counts heads, keys and objects too. Safe for any thread: who looks up takes no lock, who changes takes one for
 * all, briefly.
 *
 * <p>Purges: one by URL finds its slot; all others are in force as soon as {@link Purges#begin} returns, for a lookup compares what it finds with those that are
 * still walking. {@link #sweep} walks through all slots, frees what is gone and counts.
 */
final class MemoryTier {
    private final ConcurrentHashMap<CacheKey, Slot> slots = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder evictions = new LongAdder();
    private final EvictionPolicy policy;
    private final Purges purges;
    private final long budget;
    private final int variantsPerKey;
    private final Evicted evicted;
    private long responses;

    /** Gets what goes for want of space, with its reference. */
    interface Evicted {
        /**
         * Holds the lock.
         *
         * @param epoch the number of the last purge that it has outlived
         */
        void accept(CacheKey key, StoredResponse gone, long epoch);
    }

    MemoryTier(EvictionPolicy policy, long budget, int variantsPerKey, Purges purges, Evicted evicted) {
        this.policy = policy;
        this.budget = budget;
        this.variantsPerKey = variantsPerKey;
        this.purges = purges;
        this.evicted = evicted;
    }

    /** What is there; null when nothing is. Allocates nothing but after a purge. */
    Variants lookup(CacheKey key) {
        Slot slot = slots.get(key);
        if (slot == null) {
            return null;
        }
        if (policy.touched(slot) && lock.tryLock()) {
            try {
                policy.drain();
            } finally {
                lock.unlock();
            }
        }
        return outliving(slot);
    }

    /** The same, which nobody has used by it. */
    Variants peek(CacheKey key) {
        Slot slot = slots.get(key);
        return slot == null ? null : outliving(slot);
    }

    private Variants outliving(Slot slot) {
        Variants variants = slot.variants;
        for (int i = 0; i < variants.all().size(); i++) { // no iterator: this is each hit's way
            if (!variants.all().get(i).outlives(purges, slot.key)) {
                return variants.without(variants.all().stream().filter(other -> !other.outlives(purges, slot.key)).toList());
            }
        }
        return variants;
    }

    /**
     * Stores one, with its reference, in place of what it replaces.
     *
     * @param onDisk whether there are variants of the key on disk
     * @return false when it is not there: purged since its fetch began, or older than one that was asked for after a purge, or too large, or the policy has chosen it at once
     */
    boolean put(CacheKey key, StoredResponse response, boolean onDisk) {
        lock.lock();
        try {
            Slot slot = slots.get(key);
            boolean fresh = slot == null;
            if (fresh) {
                slot = new Slot(key.copy());
            }
            Variants next = slot.variants.with(response).first(variantsPerKey).onDisk(onDisk);
            boolean older = slot.variants.all().stream().anyMatch(here -> here.epoch() > response.epoch() && response.replaces(here.head()));
            if (older || slot.weightWith(next) > budget || purged(key, response)) {
                response.release();
                return false;
            }
            if (fresh) {
                slots.put(slot.key, slot);
            }
            change(slot, next);
            if (fresh) {
                policy.added(slot);
            }
            evict();
            return slot.variants.all().contains(response);
        } finally {
            lock.unlock();
        }
    }

    /** Stores one in place of another that was just validated; false, and the new one's reference is let go, when the other is not there any more. */
    boolean replace(CacheKey key, StoredResponse old, StoredResponse response) {
        lock.lock();
        try {
            Slot slot = slots.get(key);
            if (slot == null || !slot.variants.all().contains(old) || purged(key, response)) {
                response.release();
                return false;
            }
            change(slot, slot.variants.without(List.of(old)).with(response));
            evict();
            return slot.variants.all().contains(response);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asked under the lock, which a purge takes after its stamp is written and its files are marked: one of the two sees the other. What was read from a file was purged
     * with the file, or not.
     */
    private boolean purged(CacheKey key, StoredResponse response) {
        DiskFile file = response.file();
        if (file != null) {
            if (file.stale) {
                response.invalidate();
            }
            return file.gone || !file.alive;
        }
        Purges.Verdict verdict = purges.verdict(key, response.head().tags(), response.epoch());
        if (verdict == Purges.Verdict.STALE) {
            response.invalidate();
        }
        return verdict == Purges.Verdict.GONE;
    }

    /** All variants of a key that a purge covers; how many. */
    int purge(CacheKey key, Purge purge, long number) {
        lock.lock();
        try {
            Slot slot = slots.get(key);
            return slot == null ? 0 : purge(slot, purge, number);
        } finally {
            lock.unlock();
        }
    }

    /** All that a purge covers; how many. Takes the lock anew for each, so that nobody waits for long. */
    int sweep(Purge purge, long number) {
        lock.lock(); // who stored without seeing the stamp has done so after this, and is found
        lock.unlock();
        int count = 0;
        for (Slot slot : slots.values()) {
            if (slot.variants.all().stream().anyMatch(one -> purge.covers(slot.key, one.head().tags()))) {
                count += purge(slot.key, purge, number);
            }
        }
        return count;
    }

    private int purge(Slot slot, Purge purge, long number) {
        List<StoredResponse> covered = new ArrayList<>();
        for (StoredResponse one : slot.variants.all()) {
            if (one.epoch() < number && purge.covers(slot.key, one.head().tags())) {
                covered.add(one);
            }
        }
        if (!covered.isEmpty() && purge.hard()) {
            change(slot, slot.variants.without(covered));
        } else {
            covered.forEach(StoredResponse::invalidate);
        }
        return covered.size();
    }

    /** Whether a key may have more variants on disk. */
    void onDisk(CacheKey key, boolean onDisk) {
        lock.lock();
        try {
            Slot slot = slots.get(key);
            if (slot != null) {
                slot.variants = slot.variants.onDisk(onDisk);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stores one that was read from its file, with its reference, unless what is here is newer. */
    void recalled(CacheKey key, StoredResponse response) {
        lock.lock();
        try {
            Slot slot = slots.get(key);
            boolean newer = slot != null && slot.variants.all().stream().anyMatch(here -> here.replaces(response.head()));
            if (newer) {
                response.release();
            } else {
                put(key, response, false);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has the response of a file. */
    boolean has(CacheKey key, DiskFile file) {
        Slot slot = slots.get(key);
        return slot != null && slot.variants.all().stream().anyMatch(one -> one.file() == file);
    }

    /** A file was listed; false when what is here for the same requests is newer. */
    boolean listed(CacheKey key, DiskFile file) {
        Slot slot = slots.get(key);
        if (slot != null && slot.variants.all().stream().anyMatch(one -> one.file() != file && DiskFile.variant(one.head()) == file.variant)) {
            return false;
        }
        onDisk(key, true);
        return true;
    }

    /** A file goes: so does what has its content nowhere else. */
    void forget(CacheKey key, DiskFile file) {
        lock.lock();
        try {
            Slot slot = slots.get(key);
            if (slot != null) {
                List<StoredResponse> gone = slot.variants.all().stream().filter(one -> one.body() instanceof DiskBody body && body.file == file).toList();
                change(slot, slot.variants.without(gone));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives a slot other variants; a slot without any goes. What it had and has not is released. Holds the lock. */
    private void change(Slot slot, Variants next) {
        Variants before = slot.variants;
        slot.variants = next;
        responses += next.all().size() - before.all().size();
        if (next.isEmpty()) {
            slots.remove(slot.key);
            policy.removed(slot);
        } else {
            long weight = slot.weightWith(next);
            policy.resized(slot, weight);
            slot.weight = weight;
        }
        for (StoredResponse one : before.all()) {
            if (!next.all().contains(one)) {
                one.release();
            }
        }
    }

    private void evict() {
        for (Evictable victim = policy.victim(); victim != null; victim = policy.victim()) {
            Slot slot = (Slot) victim;
            slots.remove(slot.key, slot);
            List<StoredResponse> gone = slot.variants.all();
            slot.variants = Variants.NONE;
            responses -= gone.size();
            evictions.add(gone.size());
            gone.forEach(one -> evicted(slot.key, one));
        }
    }

    /** What purges that are still walking cover is gone, and not only evicted. */
    private void evicted(CacheKey key, StoredResponse gone) {
        long settled = purges.epoch(); // before the look at those that walk: one that begins between the two counts as later
        if (gone.outlives(purges, key)) {
            evicted.accept(key, gone, settled);
        } else {
            gone.release();
        }
    }

    /** Evicts all. */
    void clear() {
        lock.lock();
        try {
            for (Slot slot : List.copyOf(slots.values())) {
                policy.removed(slot);
                slots.remove(slot.key);
                List<StoredResponse> gone = slot.variants.all();
                slot.variants = Variants.NONE;
                responses -= gone.size();
                gone.forEach(one -> evicted(slot.key, one));
            }
        } finally {
            lock.unlock();
        }
    }

    long evictions() {
        return evictions.sum();
    }

    long bytes() {
        lock.lock();
        try {
            return policy.bytes();
        } finally {
            lock.unlock();
        }
    }

    long responses() {
        lock.lock();
        try {
            return responses;
        } finally {
            lock.unlock();
        }
    }
}
