package dev.banyan.drill.cache;

import java.util.Arrays;

/**
 * A row's versions, when each was acknowledged, and what has been seen of it: so how old an answer is. Changed by one writer; safe for any thread.
 */
final class Row {
    private static final long NEVER = Long.MAX_VALUE;

    private final long id;
    /** By version: when it was acknowledged, {@link #NEVER} when it was not. */
    private long[] ackedNanos = new long[64];
    private int tried;
    private long seen;

    Row(long id, long nowNanos) {
        this.id = id;
        ackedNanos[0] = nowNanos;
    }

    long id() {
        return id;
    }

    /** The next version, which is about to be sent. */
    synchronized long next() {
        tried++;
        ackedNanos = tried < ackedNanos.length ? ackedNanos : Arrays.copyOf(ackedNanos, 2 * ackedNanos.length);
        ackedNanos[tried] = NEVER;
        return tried;
    }

    synchronized void acknowledged(long version, long nowNanos) {
        ackedNanos[(int) version] = nowNanos;
    }

    /** Someone has been shown this version. */
    synchronized void saw(long version) {
        seen = Math.max(seen, version);
    }

    /** What a read that begins now must not fall behind. */
    synchronized long seen() {
        return seen;
    }

    synchronized long tried() {
        return tried;
    }

    /** The newest acknowledged version. */
    synchronized long newest() {
        int version = tried;
        while (ackedNanos[version] == NEVER) {
            version--;
        }
        return version;
    }

    /** How long this version had been replaced by an acknowledged one when a read began; 0 when it had not. */
    synchronized long replacedFor(long version, long begunNanos) {
        for (int newer = (int) version + 1; newer <= tried; newer++) {
            if (ackedNanos[newer] != NEVER) {
                return Math.max(0, begunNanos - ackedNanos[newer]);
            }
        }
        return 0;
    }
}
