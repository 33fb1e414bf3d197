package dev.banyan.resp.wire;

import java.util.Arrays;

/** Where the arguments of one command lie, as offsets from its first byte. Grows to the largest command, within reason. Owned by one scanner. */
final class Places {
    private static final int USUAL = 8;
    private static final int KEPT = 1 << 14;

    private int[] starts = new int[USUAL];
    private int[] lengths = new int[USUAL];
    private int count;
    private boolean moved;

    void clear() {
        count = 0;
        moved = false;
        if (starts.length > KEPT) {
            starts = new int[USUAL];
            lengths = new int[USUAL];
        }
    }

    /** The command's first bytes are gone: of the arguments so far, and those to come, there is no place. */
    void forget() {
        count = 0;
        moved = true;
    }

    void add(int start, int length) {
        if (moved) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        starts[count] = start;
        lengths[count++] = length;
    }

    int start(int argument) {
        return starts[checked(argument)];
    }

    int length(int argument) {
        return lengths[checked(argument)];
    }

    private int checked(int argument) {
        if (argument >= count) {
            throw new IndexOutOfBoundsException("argument " + argument + " of " + count + " whose places are known");
        }
        return argument;
    }
}
