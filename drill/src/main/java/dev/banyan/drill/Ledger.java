package dev.banyan.drill;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was written to a site and what the site said it had done, in a file: one JSON object a line, appended before the write is sent and
 * again when it is acknowledged. Each line is one write to the operating system, so it survives the death of this process, not of the machine.
 * Safe for any thread; keeps nothing in memory.
 */
public final class Ledger implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** No line is longer: what does not fit has no place in a ledger. */
    static final int LONGEST_LINE = 16 << 10;

    private final Path file;
    private final FileChannel channel;
    private long last;

    /**
     * One write.
     *
     * @param number from 1, in the order of sending
     * @param kind what was written, as {@code comment}
     * @param key what names this write alone, as its Idempotency-Key
     * @param about what an audit needs to look for it
     * @param acknowledged whether the site said that it had done it
     * @param where the name the site gave it when it acknowledged, as an id; else empty
     */
    public record Write(long number, String kind, String key, Map<String, String> about, boolean acknowledged, String where) {
        public Write {
            about = Map.copyOf(about);
        }
    }

    /** What a line looks like: a sent one has a kind, an acknowledged one has none. */
    private record Line(long number, String kind, String key, Map<String, String> about, String acknowledged) {}

    private Ledger(Path file, FileChannel channel, long last) {
        this.file = file;
        this.channel = channel;
        this.last = last;
    }

    /**
     * Opens a ledger, a new one or one to go on with; a last line that a crash left unfinished is cut off.
     *
     * @throws BanyanException DISK, when the file cannot be written or is no ledger
     */
    public static Ledger open(Path file) {
        try {
            Highest highest = new Highest();
            long whole = Files.exists(file) ? lines(file, highest) : 0;
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(whole).position(whole);
            return new Ledger(file, channel, highest.number);
        } catch (IOException e) {
            throw disk(file, e);
        }
    }

    /**
     * Notes a write that is about to be sent.
     *
     * @return its number, for {@link #acknowledged}
     */
    public synchronized long sent(String kind, String key, Map<String, String> about) {
        append(new Line(++last, kind, key, about, null));
        return last;
    }

    /** Notes that the site said it had done a write. */
    public synchronized void acknowledged(long number, String where) {
        append(new Line(number, null, null, null, where));
    }

    private void append(Line line) {
        byte[] json = JSON.writeValueAsBytes(line);
        if (json.length >= LONGEST_LINE) {
            throw new IllegalArgumentException("a ledger's line has at most " + LONGEST_LINE + " bytes, not " + json.length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw disk(file, e);
        }
    }

    public Path file() {
        return file;
    }

    /** How many writes it holds. */
    public synchronized long writes() {
        return last;
    }

    /** Closes the file after everything is on the disk itself. */
    @Override
    public void close() {
        try (channel) {
            channel.force(true);
        } catch (IOException e) {
            throw disk(file, e);
        }
    }

    /**
     * Reads a ledger, also one that is being written or that a crash cut off: acknowledged writes in the order of their acknowledgement, then
     * those never acknowledged. Keeps only the latter in memory.
     *
     * @throws BanyanException DISK, when the file cannot be read or is no ledger
     */
    public static void read(Path file, Consumer<Write> each) {
        Map<Long, Line> open = new LinkedHashMap<>();
        try {
            lines(file, line -> {
                if (line.kind() != null) {
                    open.put(line.number(), line);
                } else {
                    Line sent = open.remove(line.number());
                    if (sent == null) {
                        throw new BanyanException(ErrorCode.DISK, file + ": write " + line.number() + " is acknowledged twice or was never sent");
                    }
                    each.accept(write(sent, true, line.acknowledged()));
                }
            });
        } catch (IOException e) {
            throw disk(file, e);
        }
        open.values().forEach(sent -> each.accept(write(sent, false, "")));
    }

    private static Write write(Line sent, boolean acknowledged, String where) {
        return new Write(sent.number(), sent.kind(), sent.key(), sent.about(), acknowledged, where);
    }

    /** @return bytes up to the end of the last whole line */
    private static long lines(Path file, Consumer<Line> each) throws IOException {
        long whole = 0;
        try (Reader in = new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            StringBuilder text = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c != '\n') {
                    text.append((char) c);
                    limit(file, text);
                } else {
                    whole += text.toString().getBytes(StandardCharsets.UTF_8).length + 1;
                    each.accept(line(file, text.toString()));
                    text.setLength(0);
                }
            }
        }
        return whole;
    }

    private static void limit(Path file, StringBuilder text) {
        if (text.length() >= LONGEST_LINE) {
            throw new BanyanException(ErrorCode.DISK, file + " is no ledger: it has a line of over " + LONGEST_LINE + " characters");
        }
    }

    private static Line line(Path file, String text) {
        try {
            return JSON.readValue(text, Line.class);
        } catch (JacksonException e) {
            throw new BanyanException(ErrorCode.DISK, file + " is no ledger, or is damaged: the line '" + text.substring(0, Math.min(80, text.length()))
                    + "' is not one of its lines", e);
        }
    }

    private static BanyanException disk(Path file, IOException e) {
        return new BanyanException(ErrorCode.DISK, "the ledger " + file + " cannot be used: " + e + "; is the disk full, or the folder missing?", e);
    }

    private static final class Highest implements Consumer<Line> {
        private long number;

        @Override
        public void accept(Line line) {
            number = Math.max(number, line.number());
        }
    }
}
