package dev.banyan.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Changes whose entries could not be put away because their node could not be asked: it may come back with them. Until that is made up for,
 * such a key is read from the database. That there are some is marked on disk, for a restart forgets which. Safe for any thread.
 */
final class Owed {
    /** Beyond so many a prefix is given up as a whole. */
    static final int MOST = 100_000;

    private final Map<CacheKey, Integer> xids = new ConcurrentHashMap<>();
    private final Path mark;
    /** Guarded by this. */
    private boolean marked;

    Owed(Path folder) {
        this.mark = folder.resolve("owed");
    }

    /** Whether an earlier run ended while it owed something. */
    boolean leftBehind() {
        return Files.exists(mark);
    }

    /** Takes the mark away, as when everything was made up for. */
    synchronized void settle() {
        if (xids.isEmpty()) {
            try {
                Files.deleteIfExists(mark);
                marked = false;
            } catch (IOException e) {
                // it stays, and costs the next start its entries
            }
        }
    }

    /** Remembers a change. @return false when there are too many, or it cannot be marked: the prefix must be given up */
    synchronized boolean add(CacheKey key, int xid) {
        if (xids.size() >= MOST) {
            return false;
        }
        xids.put(key, xid);
        return marked || mark();
    }

    private boolean mark() {
        try {
            Files.createDirectories(mark.getParent());
            Files.writeString(mark, "entries of the cache are to be put away when their node is back\n");
            marked = true;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    boolean holds(CacheKey key) {
        return !xids.isEmpty() && xids.containsKey(key);
    }

    int size() {
        return xids.size();
    }

    /** Some of them, to be made up for. */
    List<Debt> some(int most) {
        List<Debt> some = new ArrayList<>();
        for (Map.Entry<CacheKey, Integer> one : xids.entrySet()) {
            if (some.size() == most) {
                break;
            }
            some.add(new Debt(one.getKey(), one.getValue()));
        }
        return some;
    }

    void paid(Debt debt) {
        xids.remove(debt.key(), debt.xid());
    }

    /** Those of a prefix that was given up as a whole. */
    void drop(Rule rule) {
        xids.keySet().removeIf(key -> key.rule().equals(rule));
    }

    record Debt(CacheKey key, int xid) {}
}
