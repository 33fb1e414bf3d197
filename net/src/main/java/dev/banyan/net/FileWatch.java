package dev.banyan.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Tells when files have changed, by looking at them every few seconds on a thread that may block. Looking finds what the system's own
 * notices miss: links that are switched, file systems of the network, folders mounted into containers. Safe for any thread.
 */
public final class FileWatch implements AutoCloseable {
    /** A file written this shortly before it was looked at may be written again within the same tick of its file system's clock. */
    private static final Duration TICK = Duration.ofSeconds(2);

    private final Clock clock;
    private final Duration interval;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Future<?> looking;

    private FileWatch(ExecutorService blocking, Clock clock, Duration interval) {
        this.clock = clock;
        this.interval = interval;
        this.looking = blocking.submit(this::lookOften);
    }

    public static FileWatch start(ExecutorService blocking, Clock clock, Duration interval) {
        return new FileWatch(blocking, clock, interval);
    }

    /**
     * Watches files from now on; read them after this, so that no change is missed.
     *
     * @param changed run on the watch's thread when one of them has changed, come or gone; called again at the next look when it throws
     * @return closing it ends that
     */
    public Watching watch(List<Path> files, Runnable changed) {
        Watched added = new Watched(files, changed, files.stream().map(this::stamp).toList());
        watched.add(added);
        return () -> watched.remove(added);
    }

    private void lookOften() {
        try {
            while (true) {
                clock.sleep(interval);
                watched.forEach(Watched::look);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private Stamp stamp(Path file) {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            Instant modified = is.lastModifiedTime().toInstant();
            Instant now = clock.now();
            return new Stamp(modified, is.size(), String.valueOf(is.fileKey()), modified.isAfter(now.minus(TICK)) ? now : Instant.EPOCH);
        } catch (IOException gone) {
            return Stamp.GONE;
        }
    }

    /** Ends every watching, within one look. */
    @Override
    public void close() {
        looking.cancel(true);
    }

    /** Ends the watching of some files. */
    public interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * What tells one state of a file from another.
     *
     * @param unsettled when it was looked at, if it was so fresh that it may change without changing the rest; so that the next look differs
     */
    private record Stamp(Instant modified, long size, String key, Instant unsettled) {
        static final Stamp GONE = new Stamp(Instant.EPOCH, -1, "", Instant.EPOCH);
    }

    /** Some files and how they were; its state is the watch's thread's. */
    private final class Watched {
        private final List<Path> files;
        private final Runnable changed;
        private List<Stamp> seen;

        Watched(List<Path> files, Runnable changed, List<Stamp> seen) {
            this.files = List.copyOf(files);
            this.changed = changed;
            this.seen = seen;
        }

        void look() {
            List<Stamp> now = files.stream().map(FileWatch.this::stamp).toList();
            if (!now.equals(seen)) {
                try {
                    changed.run();
                    seen = now;
                } catch (RuntimeException again) {
                    // who watches says what is wrong with a file; here it only matters that the next look tries again
                }
            }
        }
    }
}
