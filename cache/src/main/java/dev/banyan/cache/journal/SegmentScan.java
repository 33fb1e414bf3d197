package dev.banyan.cache.journal;

import dev.banyan.cache.journal.SegmentFormat.GroupHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a segment's bytes say. A group is written only when the one before it is on disk; so what is not whole at the end is the last one,
 * torn and never acknowledged, while what is not whole before a later group was whole once: damage.
 *
 * @param header empty when it is not whole, which without damage means that the segment was just being made
 * @param groups whole ones, in order
 * @param end where the last of them ends
 * @param next the sequence number behind the last write
 * @param torn whether something that is not whole follows
 * @param damage what was whole once and is not any more
 */
record SegmentScan(Optional<SegmentFormat.Header> header, List<GroupHeader> groups, int end, long next, boolean torn, Optional<Damage> damage) {
    record Damage(int offset, String what) {}

    static SegmentScan of(ByteBuffer in) {
        Optional<SegmentFormat.Header> header = SegmentFormat.header(in);
        if (header.isEmpty()) {
            Optional<Damage> damage = later(in, 0).map(group -> new Damage(0, "its header is not whole, and a group of writes follows at byte " + group.offset()));
            return new SegmentScan(header, List.of(), 0, 0, in.limit() > 0, damage);
        }
        List<GroupHeader> groups = new ArrayList<>();
        long next = header.get().first();
        int offset = SegmentFormat.HEADER;
        while (true) {
            Optional<GroupHeader> group = whole(in, offset, next);
            if (group.isEmpty()) {
                group = later(in, offset + 1);
                if (group.isEmpty() || group.get().first() != next) {
                    return ended(in, header, groups, offset, next, group);
                }
                // Between lies a seal, which nobody waited for. What is behind it was acknowledged.
                group = whole(in, group.get().offset(), next);
                if (group.isEmpty()) {
                    return ended(in, header, groups, offset, next, group);
                }
            }
            groups.add(group.get());
            next += group.get().writes();
            offset = group.get().end();
        }
    }

    private static SegmentScan ended(ByteBuffer in, Optional<SegmentFormat.Header> header, List<GroupHeader> groups, int offset, long next, Optional<GroupHeader> later) {
        Optional<Damage> damage = later.map(group -> new Damage(offset, "the writes from " + next + " on are not whole, and " + group.first() + " follows at byte " + group.offset()));
        return new SegmentScan(header, List.copyOf(groups), offset, next, !zeros(in, offset), damage);
    }

    private static Optional<GroupHeader> whole(ByteBuffer in, int offset, long first) {
        return SegmentFormat.group(in, offset).filter(group -> group.first() == first && SegmentFormat.bodyIsWhole(in, group));
    }

    /** The next header of a group from here on. */
    private static Optional<GroupHeader> later(ByteBuffer in, int from) {
        for (int offset = from; offset <= in.limit() - SegmentFormat.GROUP_HEADER; offset++) {
            Optional<GroupHeader> group = SegmentFormat.group(in, offset);
            if (group.isPresent()) {
                return group;
            }
        }
        return Optional.empty();
    }

    private static boolean zeros(ByteBuffer in, int from) {
        for (int offset = from; offset < in.limit(); offset++) {
            if (in.get(offset) != 0) {
                return false;
            }
        }
        return true;
    }

    /** @throws IllegalArgumentException when the group's bytes, whole by their checksum, are not its writes */
    static List<Logged> writes(ByteBuffer in, GroupHeader group) {
        List<Logged> writes = new ArrayList<>();
        ByteBuffer body = in.duplicate().clear().slice(group.offset() + SegmentFormat.GROUP_HEADER, group.bytes());
        while (body.hasRemaining()) {
            int length = body.remaining() < Integer.BYTES ? -1 : body.getInt();
            if (length < 0 || length > body.remaining()) {
                throw new IllegalArgumentException("a write of " + length + " bytes in a group with " + body.remaining() + " left");
            }
            RowWrite write = WriteCodec.decode(body.slice(body.position(), length));
            body.position(body.position() + length);
            writes.add(new Logged(group.first() + writes.size(), write, Integer.BYTES + length, group.millis()));
        }
        if (writes.size() != group.writes()) {
            throw new IllegalArgumentException("a group of " + group.writes() + " writes with " + writes.size());
        }
        return writes;
    }
}
