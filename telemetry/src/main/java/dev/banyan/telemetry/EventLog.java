package dev.banyan.telemetry;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.LogEvent.Level;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process's log: events from any thread, one line each, written by one thread of its own to a file (JSON) and to a stream for people.
 * Nobody waits for it: between them lies a queue of {@value #WAITING} events, and what finds it full is counted in
 * {@code banyan_log_lines_dropped_total} and said in the next line.
 */
public final class EventLog implements AutoCloseable {
    private static final int WAITING = 4_096;
    private static final int BATCH = 256;
    private static final long FILE_BYTES = 16 << 20;
    private static final int OLD_FILES = 3;
    private static final long CLOSE_SECONDS = 2;

    private final Clock clock;
    private final Level least;
    private final List<Sink> sinks;
    private final Counter dropped;
    private final Map<Level, Counter> counts = new EnumMap<>(Level.class);
    private final BlockingQueue<LogEvent> queue = new ArrayBlockingQueue<>(WAITING);
    private final LogEvent last;
    private final CountDownLatch done = new CountDownLatch(1);

    private EventLog(Clock clock, Level least, List<Sink> sinks, Registry registry) {
        this.clock = clock;
        this.least = least;
        this.sinks = sinks;
        this.dropped = registry.counter("banyan_log_lines_dropped_total",
                "Lines a log has lost: its queue was full, its disk refused, or the line was too long.", Labels.of("log", "banyan"));
        for (Level level : Level.values()) {
            counts.put(level, registry.counter("banyan_log_events_total", "Log events by level.", Labels.of("level", level.name().toLowerCase(Locale.ROOT))));
        }
        this.last = new LogEvent(clock.now(), Level.DEBUG, "", "", List.of());
    }

    /**
     * Opens the log and starts its thread.
     *
     * @param file gets JSON lines; at 16 MiB it becomes NAME.1, three old ones are kept
     * @param least events below this level are not written
     * @throws BanyanException DISK when the file cannot be opened
     */
    public static EventLog open(Path file, Level least, Loops loops, Clock clock, Registry registry) {
        return open(file, LogFormat.JSON, least, loops, clock, registry);
    }

    /** The same in another format. */
    public static EventLog open(Path file, LogFormat format, Level least, Loops loops, Clock clock, Registry registry) {
        return start(List.of(fileSink(file, format)), least, loops, clock, registry);
    }

    /** The same, and each line also to a stream, in the format that its reader wants. */
    public static EventLog open(Path file, PrintStream stream, LogFormat format, Level least, Loops loops, Clock clock, Registry registry) {
        return start(List.of(fileSink(file, LogFormat.JSON), streamSink(stream, format)), least, loops, clock, registry);
    }

    public void debug(String tier, String message, Object... fields) {
        log(Level.DEBUG, tier, message, fields);
    }

    public void info(String tier, String message, Object... fields) {
        log(Level.INFO, tier, message, fields);
    }

    public void warn(String tier, String message, Object... fields) {
        log(Level.WARN, tier, message, fields);
    }

    public void error(String tier, String message, Object... fields) {
        log(Level.ERROR, tier, message, fields);
    }

    /**
     * Logs an event; never blocks.
     *
     * @param fields names and values in turn: {@code "server", "web-2", "failures", 5}
     */
    public void log(Level level, String tier, String message, Object... fields) {
        if (level.compareTo(least) >= 0) {
            log(new LogEvent(clock.now(), level, tier, message, LogEvent.fields(fields)));
        }
    }

    /** Logs an event that has its own time; never blocks. */
    public void log(LogEvent event) {
        if (event.level().compareTo(least) < 0) {
            return;
        }
        counts.get(event.level()).increment();
        if (!queue.offer(event)) {
            dropped.increment();
        }
    }

    /** Writes what was logged until now, for at most two seconds, and closes the file. Close it before the loops that it runs on. */
    @Override
    public void close() {
        try {
            if (queue.offer(last, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                done.await(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static EventLog start(List<Sink> sinks, Level least, Loops loops, Clock clock, Registry registry) {
        EventLog log = new EventLog(clock, least, sinks, registry);
        loops.blocking().execute(log::run);
        return log;
    }

    private void run() {
        Collection<LogEvent> batch = new ArrayDeque<>(BATCH);
        long droppedSaid = dropped.total();
        boolean open = true;
        try {
            while (open) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                open = !batch.remove(last);
                long droppedNow = dropped.total();
                if (droppedNow > droppedSaid) {
                    batch.add(lost(droppedNow - droppedSaid));
                    droppedSaid = droppedNow;
                }
                write(batch);
            }
        } catch (InterruptedException e) {
            write(new ArrayList<>(queue).stream().filter(event -> event != last).toList());
            Thread.currentThread().interrupt();
        } finally {
            sinks.forEach(Sink::close);
            done.countDown();
        }
    }

    private LogEvent lost(long lines) {
        return new LogEvent(clock.now(), Level.WARN, "log", "events were lost: more came than could be written", LogEvent.fields("lost", lines));
    }

    private void write(Collection<LogEvent> batch) {
        for (Sink sink : sinks) {
            StringBuilder lines = new StringBuilder();
            batch.forEach(event -> sink.format().append(event, lines));
            try {
                sink.out().write(lines.toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                dropped.add(batch.size());
            }
        }
    }

    private static Sink fileSink(Path path, LogFormat format) {
        try {
            RotatingFile file = new RotatingFile(path, FILE_BYTES, OLD_FILES);
            return new Sink(format, bytes -> file.append(bytes, 0, bytes.length), file);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot write " + path + ": " + e.getMessage() + "; check that its folder can be written", e);
        }
    }

    private static Sink streamSink(PrintStream stream, LogFormat format) {
        return new Sink(format, bytes -> {
            stream.write(bytes);
            stream.flush();
        }, () -> {});
    }

    private interface Output {
        void write(byte[] bytes) throws IOException;
    }

    private record Sink(LogFormat format, Output out, AutoCloseable resource) {
        void close() {
            try {
                resource.close();
            } catch (Exception e) {
                // All that could be written is; there is nobody left to tell.
            }
        }
    }
}
