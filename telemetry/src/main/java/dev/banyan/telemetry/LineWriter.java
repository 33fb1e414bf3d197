package dev.banyan.telemetry;

import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Appends the lines of many {@link LineBuffer}s to one file, by one thread that may block. Between them lies a queue of at most
 * {@value #PAGES} pages (1 MiB); nobody waits for it. What does not fit, and what the disk refuses, is counted in
 * {@code banyan_log_lines_dropped_total}.
 */
public final class LineWriter implements AutoCloseable {
    private static final int PAGES = 64;
    private static final int OLD_FILES = 3;
    private static final long CLOSE_SECONDS = 2;

    private final RotatingFile file;
    private final Counter written;
    private final Counter dropped;
    private final BlockingQueue<LineBuffer.Page> full = new ArrayBlockingQueue<>(PAGES);
    private final BlockingQueue<LineBuffer.Page> empty = new ArrayBlockingQueue<>(PAGES);
    private final LineBuffer.Page last = new LineBuffer.Page(0);
    private final CountDownLatch done = new CountDownLatch(1);

    private LineWriter(RotatingFile file, Registry registry, String name) {
        this.file = file;
        Labels labels = Labels.of("log", name);
        this.written = registry.counter("banyan_log_lines_total", "Lines written to a log.", labels);
        this.dropped = registry.counter("banyan_log_lines_dropped_total", "Lines a log has lost: its queue was full, its disk refused, or the line was too long.", labels);
    }

    /**
     * Opens the file and starts the thread.
     *
     * @param cap at this size the file becomes NAME.1; three old ones are kept
     * @throws BanyanException DISK when the file cannot be opened
     */
    public static LineWriter open(Path path, ByteSize cap, Loops loops, Registry registry) {
        try {
            LineWriter writer = new LineWriter(new RotatingFile(path, cap.bytes(), OLD_FILES), registry, name(path));
            loops.blocking().execute(writer::run);
            return writer;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot write " + path + ": " + e.getMessage() + "; check that its folder can be written", e);
        }
    }

    /** A buffer for one IO loop. */
    public LineBuffer buffer() {
        return new LineBuffer(this);
    }

    /** Writes what was handed over until now, for at most two seconds, and closes the file. Flush the buffers before. */
    @Override
    public void close() {
        try {
            if (full.offer(last, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                done.await(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes a full page and gives an empty one; never waits. */
    LineBuffer.Page exchange(LineBuffer.Page page) {
        if (!full.offer(page)) {
            dropped.add(page.lines);
            return page;
        }
        LineBuffer.Page next = empty.poll();
        return next != null ? next : new LineBuffer.Page(page.bytes.length);
    }

    void dropped(int lines) {
        dropped.add(lines);
    }

    private void run() {
        try (file) {
            for (LineBuffer.Page page = full.take(); page != last; page = full.take()) {
                write(page);
                empty.offer(page);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            dropped.add(1);
        } finally {
            done.countDown();
        }
    }

    private void write(LineBuffer.Page page) {
        try {
            file.append(page.bytes, 0, page.length);
            written.add(page.lines);
        } catch (IOException e) {
            dropped.add(page.lines);
        }
    }

    private static String name(Path path) {
        String file = path.getFileName().toString();
        return file.endsWith(".log") ? file.substring(0, file.length() - ".log".length()) : file;
    }
}
