package dev.banyan.bench.balance;

import dev.banyan.balance.Hash64;
import java.util.Arrays;

/**
 * The lookup table of Maglev (Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016, section 3.4), to compare
 * the ring with. Every server has its own permutation of the table's entries; in turns each takes its next entry that is still free, a server
 * of weight w taking w of its turns.
 */
final class Maglev {
    /** The paper's and Envoy's size, a prime. */
    static final int SIZE = 65_537;

    private final int[] table = new int[SIZE];

    Maglev(String[] names, int[] weights) {
        Arrays.fill(table, -1);
        long[] next = new long[names.length];
        long[] skip = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            next[i] = Long.remainderUnsigned(Hash64.of(names[i] + "/offset"), SIZE);
            skip[i] = Long.remainderUnsigned(Hash64.of(names[i] + "/skip"), SIZE - 1) + 1;
        }
        int filled = 0;
        while (filled < SIZE) {
            for (int i = 0; i < names.length; i++) {
                for (int turn = 0; turn < weights[i] && filled < SIZE; turn++, filled++) {
                    while (table[(int) next[i]] >= 0) {
                        next[i] = (next[i] + skip[i]) % SIZE;
                    }
                    table[(int) next[i]] = i;
                }
            }
        }
    }

    int server(long key) {
        return table[(int) Long.remainderUnsigned(Hash64.mix(key), SIZE)];
    }

    long bytes() {
        return (long) SIZE * Integer.BYTES;
    }
}
