package dev.banyan.engines;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * {@code banyan logs}: reads a process' log, across the turn from one file to the next, and goes on as it grows. It reads the files only, so
 * it works whether the site is up or not.
 */
public final class LogFollow {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Path file;
    private final Clock clock;

    private LogFollow(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** The log of that name, or NO_SUCH_THING with the names there are. */
    public static LogFollow of(StateFolder folder, String name, Clock clock) {
        List<String> names = names(folder);
        if (!names.contains(name)) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no log of '" + name + "' in " + folder.logs() + "; there are: "
                    + (names.isEmpty() ? "none yet" : String.join(", ", names)));
        }
        return new LogFollow(LogFile.in(folder, name), clock);
    }

    /** Whose logs there are, sorted. */
    public static List<String> names(StateFolder folder) {
        try (Stream<Path> files = Files.list(folder.logs())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log") || name.endsWith(".log.1"))
                    .map(name -> name.substring(0, name.lastIndexOf(".log")))
                    .distinct().sorted().toList();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the logs in " + folder.logs() + " cannot be listed: " + Reason.of(e), e);
        }
    }

    /** Writes the last lines there are. */
    public void last(int lines, OutputStream to) throws IOException {
        follow(lines, to, () -> false);
    }

    /** Writes the last lines there are, then every new one for as long as it is told to go on. Blocks. */
    public void follow(int lines, OutputStream to, BooleanSupplier goOn) throws IOException {
        Optional<Opened> now = open();
        try {
            writeLast(lines, now, to);
            to.flush();
            while (goOn.getAsBoolean()) {
                boolean turned = now.isEmpty() || now.get().turned();
                // Copied after the look: what the old file got before it turned is not missed.
                long copied = now.isPresent() ? copy(now.get().channel(), to) : 0;
                to.flush();
                if (turned) {
                    close(now);
                    now = open();
                }
                if (copied == 0) {
                    Waiting.sleep(clock, LOOK_EVERY);
                }
            }
        } finally {
            close(now);
        }
    }

    /** Lines that the present file is short of come from the one before. */
    private void writeLast(int lines, Optional<Opened> now, OutputStream to) throws IOException {
        LogTail tail = now.isPresent() ? LogTail.of(now.get().channel(), lines) : new LogTail(0, 0);
        Path older = LogFile.older(file);
        if (tail.lines() < lines && Files.exists(older)) {
            try (FileChannel before = FileChannel.open(older, StandardOpenOption.READ)) {
                before.position(LogTail.of(before, lines - tail.lines()).position());
                copy(before, to);
            }
        }
        if (now.isPresent()) {
            now.get().channel().position(tail.position());
            copy(now.get().channel(), to);
        }
    }

    private static long copy(FileChannel from, OutputStream to) throws IOException {
        return Channels.newInputStream(from).transferTo(to);
    }

    private Optional<Opened> open() throws IOException {
        return Files.exists(file) ? Optional.of(Opened.of(file)) : Optional.empty();
    }

    private static void close(Optional<Opened> opened) throws IOException {
        if (opened.isPresent()) {
            opened.get().channel().close();
        }
    }

    /** An open file and who it was, to see that its name has gone to another. */
    private record Opened(FileChannel channel, Path file, Object key) {
        static Opened of(Path file) throws IOException {
            Object key = keyOf(file);
            return new Opened(FileChannel.open(file, StandardOpenOption.READ), file, key);
        }

        boolean turned() throws IOException {
            return Files.exists(file) && !keyOf(file).equals(key);
        }

        private static Object keyOf(Path file) throws IOException {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        }
    }
}
