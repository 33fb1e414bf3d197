package dev.banyan.http.cache;

import dev.banyan.http.cache.StoredHead.Lifetime;
import dev.banyan.http.cache.StoredHead.Part;
import dev.banyan.http.cache.StoredHead.Source;
import dev.banyan.http.cache.StoredHead.Vary;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a file of the disk tier begins with. All numbers big endian:
 * <pre>
 * 0   "BanyanR1"
 * 8   the mark: 0x00 good, 0xFF invalidated; written in place, in one byte, so it is in no sum: anything else is a fault
 * 9   three bytes 0
 * 12  int   H, bytes of key and head
 * 16  long  N, bytes of content
 * 24  int   CRC-32C of bytes 0 to 7, 12 to 23 and 28 to 28 + H + 4 B
 * 28  key and head
 *     int   CRC-32C of each of the content's B blocks of 64 KiB, the last shorter
 *     the content
 * </pre>
 * A file is exactly so long. What is sealed by the sum includes the sums of all blocks, so a block can be verified alone, whichever is read.
 *
 * @param sums of the blocks
 */
record FileHead(boolean stale, CacheKey key, StoredHead head, long length, int[] sums) {
    static final int BLOCK = 64 << 10;
    /** Where the mark is. */
    static final int MARK = 8;
    static final byte STALE = (byte) 0xFF;

    private static final byte[] MAGIC = "BanyanR1".getBytes(StandardCharsets.ISO_8859_1);
    private static final int FIXED = 28;
    private static final int SUM = 24;
    private static final int MOST_HEAD = 4 << 20;

    static int blocks(long length) {
        return Math.toIntExact((length + BLOCK - 1) / BLOCK);
    }

    /** The file's beginning, up to its content. */
    ByteBuffer bytes() {
        byte[] described = describe();
        ByteBuffer out = ByteBuffer.allocate(FIXED + described.length + Integer.BYTES * sums.length);
        out.put(MAGIC).put(stale ? STALE : 0).put(new byte[3]).putInt(described.length).putLong(length).putInt(0).put(described);
        for (int sum : sums) {
            out.putInt(sum);
        }
        out.putInt(SUM, sum(out.array(), out.position()));
        return out.flip();
    }

    /** How long the whole beginning is, by its first bytes; empty when this is no such file. At least {@link #FIXED} bytes must be there. */
    static Optional<Integer> size(ByteBuffer first, long fileSize) {
        if (first.remaining() < FIXED) {
            return Optional.empty();
        }
        int described = first.getInt(12);
        long length = first.getLong(16);
        if (described < 0 || described > MOST_HEAD || length < 0 || length > fileSize) {
            return Optional.empty();
        }
        long size = FIXED + described + (long) Integer.BYTES * blocks(length);
        return size + length == fileSize ? Optional.of((int) size) : Optional.empty();
    }

    /** Reads and verifies a whole beginning; empty when anything of it is not as it was written. */
    static Optional<FileHead> read(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        ByteBuffer at = ByteBuffer.wrap(bytes);
        byte mark = bytes[MARK];
        boolean whole = java.util.Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                && (mark == 0 || mark == STALE)
                && bytes[9] == 0 && bytes[10] == 0 && bytes[11] == 0
                && at.getInt(SUM) == sum(bytes, bytes.length);
        if (!whole) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(at, mark == STALE));
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException unlike) {
            return Optional.empty(); // sealed, yet not as this program writes it: another version's
        }
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, MARK);
        crc.update(bytes, 12, SUM - 12);
        crc.update(bytes, FIXED, length - FIXED);
        return (int) crc.getValue();
    }

    private byte[] describe() {
        Out out = new Out();
        out.bytes(key.toBytes());
        out.number(head.status());
        out.bytes(head.fields());
        out.number(head.requestedMillis()).number(head.receivedMillis()).number(head.dateMillis()).number(head.initialAgeMillis());
        Lifetime life = head.lifetime();
        out.number(life.fresh()).number(life.whileRevalidate()).number(life.ifError()).flag(life.noCache()).flag(life.mustRevalidate()).text(life.source().name());
        out.text(head.etag()).number(head.lastModifiedMillis());
        out.texts(head.vary().names()).texts(head.vary().values());
        out.flag(head.range().whole()).number(head.range().first()).number(head.range().end()).number(head.range().length());
        out.texts(head.tags());
        return out.toBytes();
    }

    private static FileHead parse(ByteBuffer in, boolean stale) {
        int described = in.getInt(12);
        long length = in.getLong(16);
        in.position(FIXED).limit(FIXED + described);
        CacheKey key = new CacheKey(bytes(in));
        StoredHead head = new StoredHead(
                (int) in.getLong(), bytes(in), in.getLong(), in.getLong(), in.getLong(), in.getLong(),
                new Lifetime(in.getLong(), in.getLong(), in.getLong(), flag(in), flag(in), Source.valueOf(text(in))),
                text(in), in.getLong(), new Vary(texts(in), texts(in)), new Part(flag(in), in.getLong(), in.getLong(), in.getLong()), texts(in));
        in.limit(in.capacity());
        int[] sums = new int[blocks(length)];
        in.asIntBuffer().get(sums);
        return new FileHead(stale, key, head, length, sums);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static List<String> texts(ByteBuffer in) {
        int count = in.getInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }

    private static boolean flag(ByteBuffer in) {
        return in.get() != 0;
    }

    /** Grows as it is written to. */
    private static final class Out {
        private ByteBuffer buffer = ByteBuffer.allocate(1 << 10);

        Out bytes(byte[] bytes) {
            room(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes);
            return this;
        }

        Out text(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        Out texts(List<String> texts) {
            room(Integer.BYTES).putInt(texts.size());
            texts.forEach(this::text);
            return this;
        }

        Out number(long number) {
            room(Long.BYTES).putLong(number);
            return this;
        }

        Out flag(boolean flag) {
            room(1).put((byte) (flag ? 1 : 0));
            return this;
        }

        byte[] toBytes() {
            return java.util.Arrays.copyOf(buffer.array(), buffer.position());
        }

        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                buffer = ByteBuffer.allocate(2 * (buffer.position() + bytes)).put(buffer.flip());
            }
            return buffer;
        }
    }
}
