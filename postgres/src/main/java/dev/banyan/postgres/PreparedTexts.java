package dev.banyan.postgres;

import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.StatementReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Every statement that sessions of one loop have prepared, each kept once, found by its bytes without an allocation. What no session has a
 * name for any more is dropped when the table is full. Owned by one IO loop.
 */
final class PreparedTexts {
    /** Names are never used twice in a process: a server connection may move between loops. */
    private static final AtomicLong IDS = new AtomicLong();
    private static final int FEWEST_SLOTS = 1 << 10;
    private static final int MOST = 1 << 14;
    private static final long MOST_BYTES = 64 << 20;
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private final StatementReader reader;
    private final Supplier<Catalogue> catalogue;
    private final long seed;
    private Prepared[] slots = new Prepared[FEWEST_SLOTS];
    private int size;
    private long bytes;

    /** @param catalogue the newest snapshot, by which the reader reads too */
    PreparedTexts(StatementReader reader, Supplier<Catalogue> catalogue, long seed) {
        this.reader = reader;
        this.catalogue = catalogue;
        this.seed = seed;
    }

    Catalogue catalogue() {
        return catalogue.get();
    }

    /** Reads the text at the beginning of a body, up to its zero byte. */
    Statement read(byte[] body, boolean standardStrings) {
        int end = 0;
        while (body[end] != 0) {
            end++;
        }
        return reader.read(Unpooled.wrappedBuffer(body), 0, end, standardStrings);
    }

    /** The statement of a Parse message whose text begins at {@code from} and has its zero byte before {@code to}, the message's end. */
    Prepared of(ByteBuf in, int from, int to, boolean standardStrings, String searchPath) {
        long hash = hash(in, from, to) ^ (standardStrings ? 0 : PRIME);
        int at = (int) (hash >>> 40) & slots.length - 1;
        for (; slots[at] != null; at = at + 1 & slots.length - 1) {
            if (slots[at].is(hash, in, from, to, searchPath)) {
                return slots[at];
            }
        }
        return add(hash, in, from, to, standardStrings, searchPath);
    }

    private Prepared add(long hash, ByteBuf in, int from, int to, boolean standardStrings, String searchPath) {
        byte[] body = new byte[to - from];
        in.getBytes(from, body);
        Prepared added = new Prepared(IDS.incrementAndGet(), body, hash, searchPath, standardStrings, this);
        if (2 * size >= slots.length || bytes > MOST_BYTES) {
            rebuild();
        }
        insert(added);
        return added;
    }

    /** Drops what nobody names when there is too much of it, and grows otherwise. */
    private void rebuild() {
        Prepared[] old = slots;
        boolean drop = size >= MOST || bytes > MOST_BYTES;
        int kept = 0;
        for (Prepared one : old) {
            if (one != null && (!drop || one.users > 0)) {
                kept++;
            }
        }
        slots = new Prepared[Math.max(FEWEST_SLOTS, Integer.highestOneBit(Math.max(1, kept)) * 4)];
        size = 0;
        bytes = 0;
        for (Prepared one : old) {
            if (one != null && (!drop || one.users > 0)) {
                insert(one);
            }
        }
    }

    private void insert(Prepared one) {
        int at = (int) (one.hash() >>> 40) & slots.length - 1;
        while (slots[at] != null) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = one;
        size++;
        bytes += one.bytes();
    }

    /** Seeded, so that nobody can choose texts that meet; a multiplication for eight bytes. */
    private long hash(ByteBuf in, int from, int to) {
        long hash = seed ^ (to - from) * PRIME;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            hash = mix(hash ^ in.getLong(i));
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = rest << 8 | in.getByte(i) & 0xff;
        }
        return mix(hash ^ rest);
    }

    private static long mix(long x) {
        long low = x * PRIME;
        return low ^ Math.multiplyHigh(x, PRIME) ^ low >>> 29;
    }
}
