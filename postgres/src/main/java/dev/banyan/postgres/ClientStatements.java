package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements a session has prepared, by the names its client gave them. Looked up by the bytes of a message, without an allocation.
 * Owned by one IO loop.
 */
final class ClientStatements {
    private static final int FEWEST = 8;

    private Name[] slots = new Name[0];
    private int size;

    /** A client's name of a statement. */
    static final class Name {
        private final byte[] bytes;
        private final int hash;
        private Prepared prepared;

        private Name(byte[] bytes, int hash) {
            this.bytes = bytes;
            this.hash = hash;
        }

        /** What it stands for; null once it was closed. */
        Prepared prepared() {
            return prepared;
        }
    }

    /** The one of the name that lies there up to, not with, its zero byte; null when there is none. */
    Name find(ByteBuf in, int from, int to) {
        if (size == 0) {
            return null;
        }
        int hash = hash(in, from, to);
        for (int at = hash & slots.length - 1; slots[at] != null; at = at + 1 & slots.length - 1) {
            if (slots[at].hash == hash && same(slots[at].bytes, in, from, to)) {
                return slots[at];
            }
        }
        return null;
    }

    Name add(ByteBuf in, int from, int to, Prepared prepared) {
        byte[] bytes = new byte[to - from];
        in.getBytes(from, bytes);
        Name name = new Name(bytes, hash(in, from, to));
        putBack(name, prepared);
        return name;
    }

    /** A name that was removed stands for the statement again. */
    void putBack(Name name, Prepared prepared) {
        name.prepared = prepared;
        prepared.users++;
        if (2 * (size + 1) > slots.length) {
            resize(Math.max(FEWEST, 2 * slots.length));
        }
        insert(name);
    }

    void remove(Name name) {
        if (name.prepared == null) {
            return;
        }
        name.prepared.users--;
        name.prepared = null;
        // Whatever lay behind it in its run moves up.
        int at = name.hash & slots.length - 1;
        while (slots[at] != name) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = null;
        size--;
        for (int next = at + 1 & slots.length - 1; slots[next] != null; next = next + 1 & slots.length - 1) {
            Name moved = slots[next];
            slots[next] = null;
            size--;
            insert(moved);
        }
    }

    void clear() {
        for (Name name : all()) {
            remove(name);
        }
    }

    int size() {
        return size;
    }

    private List<Name> all() {
        List<Name> all = new ArrayList<>();
        for (Name name : slots) {
            if (name != null) {
                all.add(name);
            }
        }
        return all;
    }

    private void insert(Name name) {
        int at = name.hash & slots.length - 1;
        while (slots[at] != null) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = name;
        size++;
    }

    private void resize(int length) {
        Name[] old = slots;
        slots = new Name[length];
        size = 0;
        for (Name name : old) {
            if (name != null) {
                insert(name);
            }
        }
    }

    private static boolean same(byte[] bytes, ByteBuf in, int from, int to) {
        if (bytes.length != to - from) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != in.getByte(from + i)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(ByteBuf in, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + in.getByte(i);
        }
        return hash ^ hash >>> 15;
    }
}
