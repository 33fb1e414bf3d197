package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A response's content that arrives while any number of readers, on any IO loop, read it. One thread at a time fills it: {@link #add} as often as bytes
 * come, then {@link #complete} or {@link #fail}. It begins with one reference, the filler's, who {@link #release}s it in the end; a store and each
 * reader hold one of their own, so that a content that is evicted lives until its last reader is done.
 *
 * <p>What comes is copied into segments of the content's own, out of the receive buffers, which belong to larger chunks of a pool.
 *
 * <p><b>Past what may be stored.</b> A content that outgrows its cap, or the memory that contents under way may take together, is not
 * {@linkplain #storable() storable} from then on, but its readers go on: what all of them have passed is let go, pieces are kept as they came, and
 * the filler is told to {@link Demand#PAUSE} while the slowest reader is more than {@link #WINDOW} behind.
 *
 * <p><b>Waking.</b> A reader that finds nothing says so, under the lock, before the filler can publish more; the filler publishes under the lock, takes
 * those that wait, and wakes them after leaving it. So no wake is lost, and none is run twice.
 */
public final class Content implements Body {
    /** What its filler should do. */
    public enum Demand {
        GO_ON,
        /** Its slowest reader is far behind: {@link Content#onDemand} tells when to go on. */
        PAUSE,
        /** It cannot be stored and nobody reads it any more. */
        STOP
    }

    /** How far, in bytes, readers of what is not stored may lie behind what has come. */
    public static final int WINDOW = 1 << 20;
    /** When the slowest reader has gone on by so much the filler may: seldom enough for its loop, often enough for its origin, whose patience has an end too. */
    private static final int STEP = 64 << 10;

    static final int LARGEST_SEGMENT = 256 << 10;
    private static final int FIRST_SEGMENT = 4 << 10;
    /** Smaller pieces are gathered, larger ones kept as they came, when nothing is stored. */
    private static final int WORTH_KEEPING = 8 << 10;
    /** Of heap beside a segment's bytes: its ByteBuf, the NIO buffer in it, its place in the list; and of the content itself. */
    private static final int SEGMENT_OVERHEAD = 192;
    private static final int OVERHEAD = 128;

    private final AtomicInteger references = new AtomicInteger(1);
    private final Flights flights;
    private final long most;
    private final long declared;

    // Guarded by this; what is volatile is read without it once `ended` is set, and does not change then.
    private final List<SegmentReader> readers = new ArrayList<>(1);
    private Segments segments = Segments.NONE;
    private long length;
    private long taken;
    private volatile boolean storable;
    private boolean everRead;
    private boolean paused;
    private Runnable onDemand = () -> {};
    private boolean failed;
    private volatile boolean ended;

    /** How many bytes of the last segment can still be written; the filler's alone. */
    private int room;

    Content(long declared, long most, Flights flights) {
        this.declared = declared;
        this.most = most;
        this.flights = flights;
        this.storable = declared <= most;
    }

    /**
     * One that no store will hold: it is read while it comes.
     *
     * @param declared its length in bytes, -1 when it is not known
     */
    public static Content passing(long declared) {
        return new Content(declared, -1, new Flights(0));
    }

    /**
     * More of it; what is readable in the piece is read, the piece stays the caller's.
     *
     * @throws IllegalStateException after its end, or beyond its declared length
     */
    public Demand add(ByteBuf piece) {
        int size = piece.readableBytes();
        if (ended || declared >= 0 && length + size > declared) {
            throw new IllegalStateException("content of " + declared + " bytes, " + length + " come" + (ended ? " and ended" : "") + ", got " + size + " more");
        }
        if (storable && length + size > most) {
            outgrow();
        }
        while (piece.isReadable()) {
            if (room == 0 && !grow(piece)) {
                continue;
            }
            int now = Math.min(room, piece.readableBytes());
            ByteBuf into = segments.last();
            into.setBytes(into.capacity() - room, piece, piece.readerIndex(), now);
            piece.skipBytes(now);
            room -= now;
            publish(now);
        }
        return demand();
    }

    /** No more comes, and that is all of it. False, and it has failed, when it is shorter than was declared. */
    public boolean complete() {
        if (declared >= 0 && length != declared) {
            fail();
            return false;
        }
        end(false);
        return true;
    }

    /** No more comes, and it is not whole; readers get what has come. */
    public void fail() {
        end(true);
    }

    /** What its filler should do now. */
    public synchronized Demand demand() {
        if (ended || storable) {
            return Demand.GO_ON;
        }
        boolean farBehind = length - slowest() > WINDOW;
        if (readers.isEmpty() && alone() && (everRead || farBehind)) {
            return Demand.STOP;
        }
        paused |= farBehind;
        return paused ? Demand.PAUSE : Demand.GO_ON;
    }

    /** What is run each time that {@link Demand#PAUSE} is over; on any thread, so it posts to its own loop. To be set before the first {@link #add}. */
    public synchronized void onDemand(Runnable resume) {
        onDemand = resume;
    }

    /** Whether it may still be stored: it has not outgrown what may be, and has not failed. */
    public synchronized boolean storable() {
        return storable && !failed;
    }

    /** Whether all of it is here. */
    public boolean isComplete() {
        return ended && !failed;
    }

    /** Bytes that have come. */
    public synchronized long arrived() {
        return length;
    }

    /** How many read it now, of those who began before its end. */
    public synchronized int readers() {
        return readers.size();
    }

    /**
     * Reads it from a place on; null when it is gone, or when the beginning of what is not stored has been let go.
     *
     * @param from the first byte's index
     * @param to the index behind the last; {@link Long#MAX_VALUE} is its end
     */
    @Override
    public ContentReader open(long from, long to) {
        if (!retain()) {
            return null;
        }
        SegmentReader reader = new SegmentReader(this, from, to);
        if (!ended && !join(reader) || ended && !reader.begins(segments)) {
            release();
            return null;
        }
        return reader;
    }

    /** All of it at once, the caller's to release, when it is complete and lies in one segment; else null. */
    @Override
    public ByteBuf whole() {
        if (!ended || failed || segments.count() > 1 || !retain()) {
            return null;
        }
        try {
            if (length == 0) {
                return Unpooled.EMPTY_BUFFER;
            }
            return segments.starts()[0] == 0 ? segments.slice(0, length, (int) length) : null;
        } finally {
            release();
        }
    }

    /** Its length in bytes; -1 while it is not known. */
    @Override
    public long length() {
        return isComplete() ? length : declared;
    }

    @Override
    public synchronized long footprint() {
        return OVERHEAD + segments.capacity() + (long) segments.count() * SEGMENT_OVERHEAD;
    }

    @Override
    public boolean retain() {
        int now = references.get();
        while (now > 0) {
            if (references.compareAndSet(now, now + 1)) {
                return true;
            }
            now = references.get();
        }
        return false;
    }

    @Override
    public void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("a content was released once more than it was retained");
        }
        if (left == 0) {
            free();
        } else if (left == 1 && !ended) {
            unheld();
        }
    }

    /** Whether nobody but its filler holds it: who does may be about to read it. */
    private boolean alone() {
        return references.get() == 1;
    }

    /** Who might have read it does not: its filler shall go on, and will find that nobody wants it. */
    private void unheld() {
        Runnable resume;
        synchronized (this) {
            resume = paused && !ended ? onDemand : null;
            paused = false;
        }
        if (resume != null) {
            resume.run();
        }
    }

    /** A tier counts it by now: it is none of those under way. */
    synchronized void placed() {
        flights.giveBack(taken);
        taken = 0;
    }

    /** What a reader gets at a place; null when there is nothing now, and then the reader waits if that can change. */
    ByteBuf read(SegmentReader reader, long position, long end, int wanted) {
        if (ended) {
            return slice(position, end, wanted);
        }
        synchronized (this) {
            ByteBuf next = slice(position, end, wanted);
            if (next == null && !ended && position < end) {
                reader.wake().waits();
            }
            return next;
        }
    }

    private ByteBuf slice(long position, long end, int wanted) {
        long until = Math.min(end, length);
        return position < until ? segments.slice(position, until, wanted) : null;
    }

    /** A reader has gone on to a place: what all have passed can go, and the filler may go on. */
    void passed(SegmentReader reader) {
        if (ended || storable) {
            return;
        }
        Runnable resume;
        synchronized (this) {
            resume = ended ? null : trimmed(); // it may have ended since: then no reader is counted, and all may still be read
        }
        if (resume != null) {
            resume.run();
        }
    }

    void left(SegmentReader reader) {
        Runnable resume;
        synchronized (this) {
            readers.remove(reader);
            resume = storable || ended ? null : trimmed();
        }
        release();
        if (resume != null) {
            resume.run();
        }
    }

    ContentReader.State state(long position, long end) {
        if (ended) {
            return position >= Math.min(end, length) ? failed && position < end ? ContentReader.State.FAILED : ContentReader.State.ENDED : ContentReader.State.MORE;
        }
        return position >= end ? ContentReader.State.ENDED : ContentReader.State.MORE;
    }

    private synchronized boolean join(SegmentReader reader) {
        if (ended) {
            return reader.begins(segments);
        }
        everRead = true;
        return reader.begins(segments) && readers.add(reader);
    }

    /** Lets go what all readers have passed; what to run when the filler waited for that. Holds the lock. */
    private Runnable trimmed() {
        long floor = slowest();
        int passed = 0;
        while (passed < segments.count() - 1 && segments.starts()[passed + 1] <= floor) {
            passed++;
        }
        if (passed > 0) {
            for (int i = 0; i < passed; i++) {
                ByteBuf gone = segments.buffers()[i];
                long counted = Math.min(taken, gone.capacity());
                taken -= counted;
                flights.giveBack(counted);
                gone.release();
            }
            segments = segments.from(passed);
        }
        if (!paused || length - floor > WINDOW - STEP) {
            return null;
        }
        paused = false;
        return onDemand;
    }

    /** Where the slowest reader is; the beginning while the first may still come, the end when the last has left. */
    private long slowest() {
        if (readers.isEmpty()) {
            return everRead ? length : 0;
        }
        long least = Long.MAX_VALUE;
        for (SegmentReader reader : readers) {
            least = Math.min(least, reader.position());
        }
        return least;
    }

    /** A segment more; false when the piece itself became one. */
    private boolean grow(ByteBuf piece) {
        int size = segmentSize();
        if (storable && !flights.take(size)) {
            outgrow();
        }
        if (!storable && piece.readableBytes() >= WORTH_KEEPING) {
            append(piece.readRetainedSlice(piece.readableBytes()));
            return false;
        }
        ByteBuf fresh = Segments.allocate(storable ? size : 4 * WORTH_KEEPING);
        synchronized (this) {
            segments = segments.with(fresh, length);
            taken += storable ? size : 0;
        }
        room = fresh.capacity();
        return true;
    }

    /** What is known to come, at most {@link #LARGEST_SEGMENT}; twice the last when it is not known. */
    private int segmentSize() {
        if (declared >= 0) {
            return (int) Math.min(LARGEST_SEGMENT, declared - length);
        }
        return segments.count() == 0 ? FIRST_SEGMENT : Math.min(LARGEST_SEGMENT, 2 * segments.last().capacity());
    }

    private void append(ByteBuf piece) {
        SegmentReader[] waiting;
        synchronized (this) {
            segments = segments.with(piece, length);
            length += piece.readableBytes();
            waiting = waiting();
        }
        wake(waiting);
    }

    private void publish(int bytes) {
        SegmentReader[] waiting;
        synchronized (this) {
            length += bytes;
            waiting = waiting();
        }
        wake(waiting);
    }

    private synchronized void outgrow() {
        storable = false;
        trimmed();
    }

    private void end(boolean broken) {
        if (ended) {
            return;
        }
        Segments packed = storable && !broken ? packed() : null;
        Segments before = null;
        SegmentReader[] waiting;
        synchronized (this) {
            if (packed != null) {
                before = segments;
                segments = packed;
                flights.giveBack(taken - packed.capacity());
                taken = packed.capacity();
            }
            failed = broken;
            waiting = waiting();
            readers.clear();
            ended = true;
        }
        if (before != null) {
            unshared(before, packed);
        }
        wake(waiting);
    }

    /** What is small lies in one segment, and the last segment is no larger than it must be; null when that is so already. */
    private Segments packed() {
        if (room == 0 && (segments.count() < 2 || length > LARGEST_SEGMENT)) {
            return null;
        }
        int first = length <= LARGEST_SEGMENT ? 0 : segments.count() - 1;
        long start = first < segments.count() ? segments.starts()[first] : 0;
        ByteBuf into = Segments.allocate((int) (length - start));
        for (long at = start; at < length; ) {
            int index = segments.at(at);
            int bytes = (int) Math.min(length - at, segments.buffers()[index].capacity());
            into.setBytes((int) (at - start), segments.buffers()[index], 0, bytes);
            at += bytes;
        }
        return new Segments(Arrays.copyOf(segments.buffers(), first), Arrays.copyOf(segments.starts(), first)).with(into, start);
    }

    /** Releases those of the old list that the new one has not. */
    private static void unshared(Segments before, Segments after) {
        for (int i = after.count() - 1; i < before.count(); i++) {
            before.buffers()[i].release();
        }
    }

    /** Those that wait, who do so no longer. Holds the lock. */
    private SegmentReader[] waiting() {
        int n = 0;
        SegmentReader[] found = new SegmentReader[readers.size()];
        for (SegmentReader reader : readers) {
            if (reader.wake().due()) {
                found[n++] = reader;
            }
        }
        return found;
    }

    private static void wake(SegmentReader[] waiting) {
        for (SegmentReader reader : waiting) {
            if (reader == null) {
                return;
            }
            reader.wake().run();
        }
    }

    private void free() {
        Segments gone;
        synchronized (this) {
            gone = segments;
            segments = Segments.NONE;
            flights.giveBack(taken);
            taken = 0;
        }
        gone.release();
    }
}
