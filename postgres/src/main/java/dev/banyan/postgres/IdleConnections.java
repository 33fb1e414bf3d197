package dev.banyan.postgres;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The unused connections of a pool, the last used on top: so the others grow old and are closed when the load falls. Owned by one IO loop.
 * Allocates only when there are more than ever before.
 */
final class IdleConnections<C extends ServerPool.Connection> {
    /** How many are looked at for one with the settings that are asked for: beyond, setting them costs less than the search's cold memory. */
    private static final int LOOKED_AT = 4;

    private Object[] connections = new Object[8];
    private long[] since = new long[8];
    private int size;

    int size() {
        return size;
    }

    void push(C connection, long nowNanos) {
        if (size == connections.length) {
            connections = Arrays.copyOf(connections, 2 * size);
            since = Arrays.copyOf(since, 2 * size);
        }
        connections[size] = connection;
        since[size++] = nowNanos;
    }

    /** Takes the last used one, or one used hardly earlier that has these settings; null when there is none. */
    C take(Object settings) {
        for (int i = size - 1; i >= Math.max(0, size - LOOKED_AT); i--) {
            if (Objects.equals(at(i).settings(), settings)) {
                return take(i);
            }
        }
        return size == 0 ? null : take(size - 1);
    }

    /** Takes the one that was not used for the longest time; null when there is none. */
    C takeOldest() {
        return size == 0 ? null : take(0);
    }

    /** Since when the one has not been used that was not used for the longest time, in nanoseconds; there must be one. */
    long oldestSince() {
        return since[0];
    }

    boolean remove(C connection) {
        for (int i = size - 1; i >= 0; i--) {
            if (connections[i] == connection) {
                take(i);
                return true;
            }
        }
        return false;
    }

    /** The one at a place, counted from the one that was not used for the longest time. */
    @SuppressWarnings("unchecked") // push lets nothing else in
    C at(int index) {
        return (C) connections[index];
    }

    List<C> all() {
        List<C> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(at(i));
        }
        return all;
    }

    private C take(int index) {
        C taken = at(index);
        size--;
        System.arraycopy(connections, index + 1, connections, index, size - index);
        System.arraycopy(since, index + 1, since, index, size - index);
        connections[size] = null;
        return taken;
    }
}
