package dev.banyan.cache.journal;

import dev.banyan.cache.journal.SegmentFormat.GroupHeader;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The journal's segments. Written by one thread; {@link #read} may be called by another.
 *
 * <p>After an error nothing more is written to that segment: its end is cut off if the disk lets it, and the next group goes to a new segment, whose
 * header says from which sequence number on the old one is void. So what was refused is not found again, unless the disk never works again.
 */
final class SegmentLog {
    private static final String SUFFIX = ".segment";

    private final Disk disk;
    private final UUID journal;
    private final int segmentBytes;
    private final List<Segment> segments = new ArrayList<>();
    private final long firstNew;
    private volatile long next;
    private long index;
    private Disk.Writing file; // changed under the lock of segments, for read
    private long first; // as that
    private int end;
    private int size;

    private SegmentLog(Disk disk, UUID journal, int segmentBytes, List<Segment> segments, long next, long index) {
        this.disk = disk;
        this.journal = journal;
        this.segmentBytes = segmentBytes;
        this.segments.addAll(segments);
        this.firstNew = next;
        this.next = next;
        this.index = index;
    }

    /**
     * A segment that is not written any more.
     *
     * @param next the sequence number behind its last write
     */
    private record Segment(String name, long first, long next) {}

    /**
     * What a folder holds.
     *
     * @param applied the highest sequence number that the database is known to have
     * @param bytes of writes beyond that
     * @param millis when the oldest of those was put on disk
     */
    record Recovered(SegmentLog log, long applied, long bytes, long writes, long millis) {}

    /**
     * Reads all segments, cuts a torn end, and begins a new segment.
     *
     * @param fresh the journal's identity when there is none yet
     * @throws BanyanException DISK when a segment is damaged
     */
    static Recovered open(Disk disk, UUID fresh, int segmentBytes) throws IOException {
        List<Scanned> scanned = scan(disk);
        UUID journal = scanned.isEmpty() ? fresh : scanned.getFirst().header().journal();
        List<Segment> segments = new ArrayList<>();
        long applied = 0;
        long next = scanned.isEmpty() ? 1 : scanned.getFirst().header().first();
        for (int i = 0; i < scanned.size(); i++) {
            Scanned one = scanned.get(i);
            long until = i + 1 < scanned.size() ? scanned.get(i + 1).header().first() : one.scan.next();
            check(disk, one, journal, next, until, i + 1 == scanned.size());
            segments.add(new Segment(one.name, one.header().first(), until));
            applied = Math.max(applied, one.scan.groups().stream().mapToLong(GroupHeader::applied).reduce(one.header().applied(), Math::max));
            next = until;
        }
        if (!scanned.isEmpty()) {
            disk.truncate(scanned.getLast().name, scanned.getLast().scan.end());
        }
        SegmentLog log = new SegmentLog(disk, journal, segmentBytes, segments, next, scanned.isEmpty() ? 1 : scanned.getLast().header().index() + 1);
        log.begin(applied, 0);
        return log.counted(applied);
    }

    private record Scanned(String name, SegmentScan scan) {
        SegmentFormat.Header header() {
            return scan.header().orElseThrow();
        }
    }

    private static List<Scanned> scan(Disk disk) throws IOException {
        List<String> names = disk.names().stream().filter(name -> name.endsWith(SUFFIX)).toList();
        List<Scanned> scanned = new ArrayList<>();
        for (String name : names) {
            SegmentScan scan = scan(disk, name);
            if (scan.header().isEmpty() && scan.damage().isEmpty() && name.equals(names.getLast())) {
                disk.delete(name); // it was just being made, and held nothing
            } else if (scan.header().isEmpty()) {
                throw damaged(disk, name, scan.damage().orElse(new SegmentScan.Damage(0, "its header is not whole")));
            } else {
                scanned.add(new Scanned(name, scan));
            }
        }
        return scanned;
    }

    private static SegmentScan scan(Disk disk, String name) throws IOException {
        try {
            return SegmentScan.of(ByteBuffer.wrap(disk.read(name)));
        } catch (SegmentFormat.UnknownVersion e) {
            throw new BanyanException(ErrorCode.DISK, "the write-behind journal's segment " + name + " in " + disk + " is of " + e.getMessage() + ": start the newer Banyan and let it drain the journal first", e);
        }
    }

    /** The writes from the last segment's end to the next one's beginning must be there. */
    private static void check(Disk disk, Scanned one, UUID journal, long next, long until, boolean last) {
        SegmentFormat.Header header = one.header();
        if (!header.journal().equals(journal)) {
            throw damaged(disk, one.name, new SegmentScan.Damage(16, "it belongs to journal " + header.journal() + " and the segments before it to " + journal));
        }
        if (header.first() != next) {
            throw damaged(disk, one.name, new SegmentScan.Damage(40, "it begins with write " + header.first() + " and the segments before it end before " + next));
        }
        if (one.scan.next() < until || last && one.scan.damage().isPresent()) {
            throw damaged(disk, one.name, one.scan.damage().orElse(new SegmentScan.Damage(one.scan.end(), "the writes from " + one.scan.next() + " on are not whole, and " + until + " follows in the next segment")));
        }
    }

    private static BanyanException damaged(Disk disk, String name, SegmentScan.Damage damage) {
        return new BanyanException(ErrorCode.DISK, "the write-behind journal's segment " + name + " in " + disk + " is damaged at byte " + damage.offset() + ": " + damage.what()
                + ". These writes were acknowledged, so nothing is skipped: put the file back from a copy or another disk; or, giving up what it and the later ones hold, move them out of " + disk);
    }

    private Recovered counted(long applied) throws IOException {
        long[] sums = new long[3];
        read(applied, next - 1, write -> {
            sums[0] += write.bytes();
            sums[1]++;
            sums[2] = sums[2] == 0 ? write.millis() : sums[2];
        });
        return new Recovered(this, applied, sums[0], sums[1], sums[2]);
    }

    UUID journal() {
        return journal;
    }

    /** The sequence number behind the last write that is on disk. */
    long next() {
        return next;
    }

    /** {@link #next()} when it was opened. */
    long firstNew() {
        return firstNew;
    }

    /** The least sequence number that can still be read; {@link #next()} when there is none. */
    long oldest() {
        synchronized (segments) {
            return segments.isEmpty() ? firstNew : segments.getFirst().first;
        }
    }

    /**
     * Puts writes on disk, as one group.
     *
     * @param applied the highest sequence number that the database is known to have
     * @return the first one's sequence number
     * @throws IOException when they are not on disk, and will not be found there unless the disk never works again
     */
    long append(List<byte[]> writes, long applied, long millis) throws IOException {
        int bytes = SegmentFormat.size(writes);
        if (file == null || end + bytes > size) {
            roll(applied, bytes);
        }
        try {
            file.write(end, SegmentFormat.group(end, next, applied, millis, writes));
            file.force();
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        }
        end += bytes;
        long first = next;
        next = first + writes.size();
        return first;
    }

    /** Says in the segment that all before is on disk. Does nothing where there is no room or no segment. */
    void seal(long applied, long millis, boolean force) throws IOException {
        if (file == null || end + SegmentFormat.GROUP_HEADER > size) {
            return;
        }
        try {
            file.write(end, SegmentFormat.group(end, next, applied, millis, List.of()));
            end += SegmentFormat.GROUP_HEADER;
            if (force) {
                file.force();
            }
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        }
    }

    private void roll(long applied, int bytes) throws IOException {
        if (file != null) {
            Disk.Writing full = file;
            finish();
            full.close();
        }
        begin(applied, bytes);
    }

    /** A segment that is there with zeros up to its size: then a force need not put a new length on disk, and a full disk shows here. */
    private void begin(long applied, int bytes) throws IOException {
        int wanted = Math.max(segmentBytes, SegmentFormat.HEADER + bytes + SegmentFormat.GROUP_HEADER);
        Disk.Writing begun = disk.create(name(index));
        try {
            ByteBuffer whole = ByteBuffer.allocate(wanted);
            whole.put(SegmentFormat.header(new SegmentFormat.Header(journal, index, next, applied))).clear();
            begun.write(0, whole);
            begun.force();
            disk.forceNames();
        } catch (IOException | RuntimeException e) {
            closeQuietly(begun);
            deleteQuietly(name(index));
            throw e;
        }
        end = SegmentFormat.HEADER;
        size = wanted;
        synchronized (segments) {
            file = begun;
            first = next;
        }
    }

    /** The segment is not written any more. */
    private void finish() {
        synchronized (segments) {
            segments.add(new Segment(name(index), first, next));
            file = null;
        }
        index++;
    }

    private void abandon() {
        Disk.Writing failed = file;
        String name = name(index);
        finish();
        closeQuietly(failed);
        try {
            disk.truncate(name, end);
        } catch (IOException stillFailing) {
            // The next segment's header voids what lies there.
        }
    }

    private void deleteQuietly(String name) {
        try {
            disk.delete(name);
        } catch (IOException stillThere) {
            // It is made anew under the same name.
        }
    }

    private static void closeQuietly(Disk.Writing file) {
        try {
            file.close();
        } catch (IOException closed) {
            // Nothing is expected of it any more.
        }
    }

    /**
     * Removes the oldest segments while the database has all their writes, but never the last one, which keeps the journal's identity and count. One
     * after the other, each for good before the next, so that a crash leaves no gap.
     */
    void remove(long applied) throws IOException {
        synchronized (segments) {
            while (segments.size() > (file == null ? 1 : 0) && segments.getFirst().next <= applied + 1) {
                disk.delete(segments.getFirst().name);
                disk.forceNames();
                segments.removeFirst();
            }
        }
    }

    /** The writes after one up to another, as far as they are still there, in order. */
    void read(long after, long upTo, Consumer<Logged> to) throws IOException {
        List<Segment> all;
        synchronized (segments) {
            all = new ArrayList<>(segments);
            if (file != null) {
                all.add(new Segment(name(index), first, next));
            }
            for (Segment segment : all) {
                if (segment.next > after + 1 && segment.first <= upTo) {
                    read(segment, after, Math.min(upTo, segment.next - 1), to);
                }
            }
        }
    }

    private void read(Segment segment, long after, long upTo, Consumer<Logged> to) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(disk.read(segment.name));
        SegmentScan scan = SegmentScan.of(in);
        if (scan.next() <= upTo) {
            throw damaged(disk, segment.name, scan.damage().orElse(new SegmentScan.Damage(scan.end(), "the writes from " + scan.next() + " on are not whole")));
        }
        for (GroupHeader group : scan.groups()) {
            if (group.first() + group.writes() > after + 1 && group.first() <= upTo) {
                try {
                    SegmentScan.writes(in, group).stream().filter(write -> write.sequence() > after && write.sequence() <= upTo).forEach(to);
                } catch (IllegalArgumentException e) {
                    throw damaged(disk, segment.name, new SegmentScan.Damage(group.offset(), e.getMessage()));
                }
            }
        }
    }

    void close(long applied, long millis) throws IOException {
        if (file != null) {
            seal(applied, millis, true);
        }
        if (file != null) {
            Disk.Writing whole = file;
            finish();
            whole.close();
            disk.truncate(segments.getLast().name, end);
        }
    }

    private static String name(long index) {
        return "%016d%s".formatted(index, SUFFIX);
    }
}
