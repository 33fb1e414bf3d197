package dev.banyan.postgres.sql;

import java.util.Arrays;
import java.util.Optional;

/**
 * Readings by key in sets of eight, each set a clock: of those not asked for since the hand last passed, the next one goes. A key's set is
 * given by bits of a keyed hash, so nobody can aim at one. Owned by one loop.
 */
final class ReadingCache {
    private static final int WAYS = 8;

    /** @param again whether the statement has to be read again for each text */
    private record Entry(Statement statement, boolean again, String text) {}

    private final long[] keys;
    private final Entry[] entries;
    private final boolean[] asked;
    private final byte[] hands;
    private final int sets;

    /** @param capacity entries, rounded up to a power of two of at least eight */
    ReadingCache(int capacity) {
        sets = Integer.highestOneBit(Math.max(1, (Math.max(capacity, 1) + WAYS - 1) / WAYS * 2 - 1));
        keys = new long[sets * WAYS];
        entries = new Entry[sets * WAYS];
        asked = new boolean[sets * WAYS];
        hands = new byte[sets];
    }

    /** Null where there is none, or it may not be used again. */
    Statement get(long key) {
        int at = find(key);
        if (at < 0) {
            return null;
        }
        asked[at] = true;
        Entry entry = entries[at];
        return entry.again ? null : entry.statement;
    }

    /** The normalised text, of an entry that may not be used again as well. */
    Optional<String> text(long key) {
        int at = find(key);
        return at < 0 ? Optional.empty() : Optional.of(entries[at].text);
    }

    void put(long key, Statement statement, boolean again, String text) {
        int at = find(key);
        int place = at < 0 ? victim(key) : at;
        keys[place] = key;
        entries[place] = new Entry(statement, again, text);
        asked[place] = true;
    }

    void clear() {
        Arrays.fill(entries, null);
    }

    private int find(long key) {
        int first = set(key) * WAYS;
        for (int i = first; i < first + WAYS; i++) {
            if (keys[i] == key && entries[i] != null) {
                return i;
            }
        }
        return -1;
    }

    private int victim(long key) {
        int set = set(key);
        int first = set * WAYS;
        for (int turn = 0; turn <= 2 * WAYS; turn++) {
            int at = first + hands[set];
            hands[set] = (byte) ((hands[set] + 1) % WAYS);
            if (entries[at] == null || !asked[at]) {
                return at;
            }
            asked[at] = false;
        }
        throw new IllegalStateException("a clock of " + WAYS + " passed twice and found none");
    }

    private int set(long key) {
        return (int) (key >>> 32) & (sets - 1);
    }
}
