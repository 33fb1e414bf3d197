package dev.banyan.resp;

/**
 * How often each of very many keys was seen lately, in memory that does not grow: a count-min sketch of four rows (Cormode and Muthukrishnan,
 * "An Improved Data Stream Summary", 2005) that adds only to the least of a key's counters (the conservative update of Estan and Varghese, 2002)
 * and forgets by halving (as TinyLFU does: Einziger, Friedman and Manes, 2017). Owned by one loop.
 *
 * <p>A count is never too low but for halves cut off; with N counts in all it is too high by more than N / 6000 for at most one key of fifty
 * (e/width of N with a chance of e^-4), and with the conservative update for far fewer.
 */
final class Sketch {
    static final int ROWS = 4;
    static final int WIDTH = 1 << 14;

    private static final int MASK = WIDTH - 1;

    private final int[] counters = new int[ROWS * WIDTH];
    private long total;

    /** Counts one; the key's count with it. */
    int add(long hash) {
        // Four independent indices from one even hash: 14 of its bits each.
        int first = (int) hash & MASK;
        int second = (int) (hash >>> 14) & MASK | WIDTH;
        int third = (int) (hash >>> 28) & MASK | 2 * WIDTH;
        int fourth = (int) (hash >>> 42) & MASK | 3 * WIDTH;
        int a = counters[first];
        int b = counters[second];
        int c = counters[third];
        int d = counters[fourth];
        int count = Math.min(Math.min(a, b), Math.min(c, d)) + 1;
        counters[first] = Math.max(a, count);
        counters[second] = Math.max(b, count);
        counters[third] = Math.max(c, count);
        counters[fourth] = Math.max(d, count);
        total++;
        return count;
    }

    int count(long hash) {
        int least = Integer.MAX_VALUE;
        for (int row = 0; row < ROWS; row++) {
            least = Math.min(least, counters[(int) (hash >>> 14 * row) & MASK | row * WIDTH]);
        }
        return least;
    }

    /** Forgets one half of everything. */
    void halve() {
        for (int i = 0; i < counters.length; i++) {
            counters[i] >>>= 1;
        }
        total >>>= 1;
    }

    /** What was added, with its halves forgotten. */
    long total() {
        return total;
    }
}
