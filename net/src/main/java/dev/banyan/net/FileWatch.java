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
 * notices miss: links that are switched, file systems of the network, folders mounted into containers. A change is told when a second look
 * finds the same, so that nobody reads a file that is being written. Safe for any thread.
 */
public final class FileWatch implements AutoCloseable {
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
     * @param changed run on the watch's thread when one of them has changed, come or gone; again at the next look when it throws
     * @return closing it ends that
     */
    public Watching watch(List<Path> files, Runnable changed) {
        Watched added = new Watched(files, changed);
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

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(is.lastModifiedTime().toInstant(), is.size(), String.valueOf(is.fileKey()));
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

    /** What tells one state of a file from another. */
    private record Stamp(Instant modified, long size, String key) {
        static final Stamp GONE = new Stamp(Instant.EPOCH, -1, "");
    }

    /** Some files and how they were. Owned by the watch's thread. */
    private static final class Watched {
        private final List<Path> files;
        private final Runnable changed;
        private List<Stamp> told;
        private List<Stamp> before;

        Watched(List<Path> files, Runnable changed) {
            this.files = List.copyOf(files);
            this.changed = changed;
            this.told = stamps();
            this.before = told;
        }

        private List<Stamp> stamps() {
            return files.stream().map(FileWatch::stamp).toList();
        }

        void look() {
            List<Stamp> now = stamps();
            if (!now.equals(told) && now.equals(before)) {
                try {
                    changed.run();
                    told = now;
                } catch (RuntimeException again) {
                    // who watches says what is wrong with a file; here it only matters that the next look tries again
                }
            }
            before = now;
        }
    }
}
