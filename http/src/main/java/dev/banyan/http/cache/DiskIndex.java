package dev.banyan.http.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Which files there are, and which goes when there are too many. Asked without a lock; changed under this object's own, which no IO loop takes. */
final class DiskIndex {
    private static final DiskFile[] NONE = {};

    private final ConcurrentHashMap<CacheKey, DiskFile[]> byKey = new ConcurrentHashMap<>();
    private final EvictionPolicy policy;
    private int count;

    DiskIndex(EvictionPolicy policy) {
        this.policy = policy;
    }

    DiskFile[] of(CacheKey key) {
        return byKey.getOrDefault(key, NONE);
    }

    boolean has(CacheKey key) {
        return byKey.containsKey(key);
    }

    /** Adds one; the files that must go for it, which are not in the index any more: those it replaces, and what there is no space for. */
    synchronized List<DiskFile> add(DiskFile file) {
        List<DiskFile> gone = new ArrayList<>();
        for (DiskFile other : of(file.key)) {
            if (other.variant == file.variant) {
                remove(other);
                gone.add(other);
            }
        }
        DiskFile[] before = of(file.key);
        DiskFile[] files = Arrays.copyOf(before, before.length + 1);
        files[before.length] = file;
        byKey.put(file.key, files);
        file.alive = true;
        count++;
        policy.added(file);
        for (Evictable victim = policy.victim(); victim != null; victim = policy.victim()) {
            unlist((DiskFile) victim);
            gone.add((DiskFile) victim);
        }
        return gone;
    }

    /** Takes one out; false when it was out already. */
    synchronized boolean remove(DiskFile file) {
        if (!file.alive) {
            return false;
        }
        policy.removed(file);
        unlist(file);
        return true;
    }

    private void unlist(DiskFile file) {
        file.alive = false;
        count--;
        DiskFile[] files = Arrays.stream(of(file.key)).filter(other -> other != file).toArray(DiskFile[]::new);
        if (files.length == 0) {
            byKey.remove(file.key);
        } else {
            byKey.put(file.key, files);
        }
    }

    synchronized void used(DiskFile file) {
        if (file.alive && policy.touched(file)) {
            policy.drain();
        }
    }

    /** Those that a purge covers and that were asked for before it. */
    synchronized List<DiskFile> covered(Purge purge, long number) {
        if (purge.scope() instanceof Purge.Scope.Url url) {
            return Arrays.stream(of(url.key())).filter(file -> file.epoch < number).toList();
        }
        List<DiskFile> covered = new ArrayList<>();
        for (DiskFile[] files : byKey.values()) {
            for (DiskFile file : files) {
                if (file.epoch < number && file.coveredBy(purge)) {
                    covered.add(file);
                }
            }
        }
        return covered;
    }

    synchronized int count() {
        return count;
    }

    synchronized long bytes() {
        return policy.bytes();
    }
}
