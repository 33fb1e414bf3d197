package dev.banyan.cache.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A segment on disk: a header, then groups, then zeros up to its size. A group is what one force put on disk, whole or not at all: a header, and
 * writes, each behind its length. All numbers are big-endian, all checksums CRC-32C.
 *
 * <pre>
 * segment  0 "BANYANWJ"   8 version   16 journal (UUID)   32 index   40 its first sequence number   48 applied   60 checksum of these
 * group    0 "BJG1"   4 bytes of writes   8 writes   12 their checksum   16 the first's sequence number   24 applied   32 milliseconds since 1970
 *          40 its own offset   44 checksum of these
 * </pre>
 *
 * <p>{@code applied} is the highest sequence number that the database was known to have. A group without writes is a seal: it says that all before it
 * was on disk when it was written.
 */
final class SegmentFormat {
    static final int VERSION = 1;
    static final int HEADER = 64;
    static final int GROUP_HEADER = 48;
    private static final long MAGIC = 0x42414e59414e574aL;
    private static final int GROUP_MAGIC = 0x424a4731;

    private SegmentFormat() {}

    /** @param first the sequence number of its first write; what an earlier segment has from there on was refused, not acknowledged */
    record Header(UUID journal, long index, long first, long applied) {}

    /** @param offset of the group in the segment */
    record GroupHeader(int offset, int bytes, int writes, int checksum, long first, long applied, long millis) {
        int end() {
            return offset + GROUP_HEADER + bytes;
        }
    }

    static ByteBuffer header(Header header) {
        ByteBuffer out = ByteBuffer.allocate(HEADER);
        out.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(header.journal.getMostSignificantBits()).putLong(header.journal.getLeastSignificantBits())
                .putLong(header.index).putLong(header.first).putLong(header.applied).putInt(0).putInt(checksum(out, 0, HEADER - 4));
        return out.flip();
    }

    /** Empty when it is not whole. @throws UnknownVersion when it is, and of another version */
    static Optional<Header> header(ByteBuffer in) {
        if (in.limit() < HEADER || in.getLong(0) != MAGIC || in.getInt(HEADER - 4) != checksum(in, 0, HEADER - 4)) {
            return Optional.empty();
        }
        if (in.getInt(8) != VERSION) {
            throw new UnknownVersion(in.getInt(8));
        }
        return Optional.of(new Header(new UUID(in.getLong(16), in.getLong(24)), in.getLong(32), in.getLong(40), in.getLong(48)));
    }

    /** A group ready to be written at an offset. */
    static ByteBuffer group(int offset, long first, long applied, long millis, List<byte[]> writes) {
        ByteBuffer out = ByteBuffer.allocate(size(writes));
        out.position(GROUP_HEADER);
        writes.forEach(write -> out.putInt(write.length).put(write));
        int bytes = out.position() - GROUP_HEADER;
        out.putInt(0, GROUP_MAGIC).putInt(4, bytes).putInt(8, writes.size()).putInt(12, checksum(out, GROUP_HEADER, bytes))
                .putLong(16, first).putLong(24, applied).putLong(32, millis).putInt(40, offset);
        out.putInt(44, checksum(out, 0, GROUP_HEADER - 4));
        return out.flip();
    }

    static int size(List<byte[]> writes) {
        long bytes = GROUP_HEADER;
        for (byte[] write : writes) {
            bytes += Integer.BYTES + write.length;
        }
        return Math.toIntExact(bytes);
    }

    /** A group's header that lies whole at this offset, and was written for it. */
    static Optional<GroupHeader> group(ByteBuffer in, int offset) {
        if (offset > in.limit() - GROUP_HEADER || in.getInt(offset) != GROUP_MAGIC || in.getInt(offset + 40) != offset
                || in.getInt(offset + 44) != checksum(in, offset, GROUP_HEADER - 4)) {
            return Optional.empty();
        }
        GroupHeader header = new GroupHeader(offset, in.getInt(offset + 4), in.getInt(offset + 8), in.getInt(offset + 12), in.getLong(offset + 16), in.getLong(offset + 24), in.getLong(offset + 32));
        return header.bytes >= 0 && header.writes >= 0 && header.first > 0 ? Optional.of(header) : Optional.empty();
    }

    static boolean bodyIsWhole(ByteBuffer in, GroupHeader group) {
        return group.bytes <= in.limit() - group.offset - GROUP_HEADER && checksum(in, group.offset + GROUP_HEADER, group.bytes) == group.checksum;
    }

    private static int checksum(ByteBuffer in, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(in.duplicate().clear().slice(offset, length));
        return (int) crc.getValue();
    }

    /** Written by a Banyan that this one does not know. */
    static final class UnknownVersion extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnknownVersion(int version) {
            super("version " + version + " of the format, and this Banyan reads version " + VERSION);
        }
    }
}
