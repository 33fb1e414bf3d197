package dev.banyan.telemetry.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One log, read from its end towards its begin, a piece of whole lines at a time, from the newest file to the oldest. Owned by one thread. */
final class BackwardLog implements AutoCloseable {
    private static final int PIECE = 256 << 10;
    /** An expression may cost microseconds a byte, and how long a search takes is looked at between two pieces. */
    private static final int PIECE_OF_EXPRESSION = 16 << 10;
    /** A line is cut there when it is told. */
    private static final int LONGEST_TOLD = 8 << 10;
    private static final int LOOKED_AT_FOR_TIME = 50;

    private final LogName log;
    private final LineFilter filter;
    private final Optional<Instant> since;
    private final ZoneId zone;
    private final List<Part> parts;
    private final byte[] bytes;
    private long unread;
    private long told;
    private Instant frontier;
    private boolean timed;

    private BackwardLog(LogName log, LineFilter filter, Optional<Instant> since, ZoneId zone, List<Part> parts) {
        this.log = log;
        this.filter = filter;
        this.since = since;
        this.zone = zone;
        this.parts = parts;
        this.bytes = new byte[filter instanceof LineFilter.Expression ? PIECE_OF_EXPRESSION : PIECE];
        this.frontier = parts.isEmpty() ? Instant.EPOCH : parts.getFirst().changed();
        this.unread = parts.isEmpty() ? 0 : parts.getFirst().size();
    }

    /** What was last written before the time that is asked for is not read at all. */
    static BackwardLog open(Path folder, LogName log, LineFilter filter, Optional<Instant> since, ZoneId zone) throws IOException {
        List<Part> parts = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        for (Path file : log.files(folder)) {
            try {
                BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
                Instant changed = about.lastModifiedTime().toInstant();
                // One that was turned away meanwhile is met twice.
                if (seen.add(about.fileKey() == null ? file : about.fileKey()) && since.filter(changed::isBefore).isEmpty()) {
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                    parts.add(new Part(channel, channel.size(), changed));
                }
            } catch (NoSuchFileException turned) {
                // It has another name now, and was met under it or will be.
            }
        }
        return new BackwardLog(log, filter, since, zone, parts);
    }

    boolean hasMore() {
        return !parts.isEmpty();
    }

    /** Nothing that is unread is newer, as far as its times tell. */
    Instant frontier() {
        return frontier;
    }

    /** Reads a piece and adds what was asked for of it; how many bytes it read. */
    int readOn(Gathered found) throws IOException {
        int length = (int) Math.min(bytes.length, unread);
        long from = unread - length;
        fill(parts.getFirst().channel(), from, length);
        int begin = from == 0 ? 0 : afterFirstLine(length);
        Instant first = firstTime(begin, length);
        lines(begin, length, found);
        boolean old = first != null && since.filter(first::isBefore).isPresent();
        unread = from + begin;
        if (first != null && first.isBefore(frontier)) {
            frontier = first;
        }
        timed |= first != null;
        if (unread == 0 || old) {
            parts.removeFirst().close();
            if (old) {
                close();
            }
            unread = parts.isEmpty() ? 0 : parts.getFirst().size();
            if (!timed && !parts.isEmpty()) {
                frontier = parts.getFirst().changed();
            }
        }
        return length;
    }

    /** Where the first line that is whole begins; a line longer than a piece is taken in parts. */
    private int afterFirstLine(int length) {
        for (int i = 0; i < length - 1; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    /** Null when it cannot be told: then nobody stops reading for it. */
    private Instant firstTime(int from, int to) {
        int at = from;
        for (int lines = 0; at < to && lines < LOOKED_AT_FOR_TIME; at = endOfLine(at, to) + 1, lines++) {
            Instant time = LineTime.of(bytes, at, endOfLine(at, to), zone);
            if (time != null) {
                return time;
            }
        }
        return null;
    }

    /** Adds the lines that are meant, in their order. */
    private void lines(int from, int to, Gathered found) {
        int at = from;
        int timeTo = from;
        Instant time = null;
        while (at < to) {
            int line = at;
            if (!filter.byLine()) {
                int hit = filter.find(bytes, at, to);
                if (hit < 0) {
                    break;
                }
                line = beginOfLine(hit, at);
            }
            int end = endOfLine(line, to);
            if (!filter.byLine() || filter.find(bytes, line, end) >= 0) {
                Instant own = lastTime(timeTo, end);
                time = own != null ? own : time;
                timeTo = end + 1;
                add(line, end, to, time, found);
            }
            at = end + 1;
        }
    }

    /** The last line that says a time, from a line's begin to another's end. */
    private Instant lastTime(int from, int to) {
        for (int end = to; end > from; ) {
            int begin = beginOfLine(end - 1, from);
            Instant time = LineTime.of(bytes, begin, end, zone);
            if (time != null) {
                return time;
            }
            end = begin - 1;
        }
        return null;
    }

    private void add(int from, int end, int to, Instant time, Gathered found) {
        if (end <= from || time != null && since.filter(time::isBefore).isPresent()) {
            return;
        }
        int cut = Math.min(end, from + LONGEST_TOLD);
        String text = new String(bytes, from, end > from && bytes[end - 1] == '\r' && cut == end ? cut - 1 - from : cut - from, StandardCharsets.UTF_8) + (cut < end ? " ..." : "");
        // Of one piece the later lines are the newer ones; pieces come the newest first.
        found.add(new Gathered.Found(new LogLine(Optional.ofNullable(time), log.name(), log.tier(), text), time != null ? time : frontier, told + to - from));
    }

    private int beginOfLine(int at, int least) {
        int i = at;
        while (i > least && bytes[i - 1] != '\n') {
            i--;
        }
        return i;
    }

    private int endOfLine(int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    private void fill(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
            // A file that was cut short meanwhile ends early; what was there before is read instead, as nothing.
        }
        Arrays.fill(bytes, buffer.position(), length, (byte) '\n');
        told += length;
    }

    @Override
    public void close() {
        parts.forEach(Part::close);
        parts.clear();
    }

    private record Part(FileChannel channel, long size, Instant changed) {
        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }
}
