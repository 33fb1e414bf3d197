package dev.banyan.telemetry.history;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * The one writer of a history. Its file has its full size from the start, {@value #MEGABYTES} MB, of which the disk gives what is written. A kill at any instant
 * costs the step that was being written; a disk that refuses, the steps that it refuses. Owned by one thread.
 */
public final class HistoryFile implements AutoCloseable {
    /** The most that a file takes on the disk. */
    public static final long BYTES = Layout.FILE_BYTES;
    private static final int MEGABYTES = 36;

    private final FileChannel file;
    private final boolean anew;
    private final Directory directory;
    private final Row steps = new Row(Layout.STEPS);
    private final Row minutes = new Row(Layout.MINUTES);
    private final Minute minute = new Minute();
    private long newest = -1;

    private HistoryFile(FileChannel file, boolean anew) throws IOException {
        this.file = file;
        this.anew = anew;
        this.directory = Directory.in(file);
    }

    /**
     * Opens the file, made when absent. One whose header is not ours is moved to NAME.damaged, and a new one is begun.
     *
     * @throws BanyanException DISK when it can be neither read nor made
     */
    public static HistoryFile open(Path path, Instant now) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            boolean damaged = Files.exists(path) && !isOurs(path);
            if (damaged) {
                Files.move(path, path.resolveSibling(path.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Files.exists(path)) {
                make(path);
            }
            FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                HistoryFile history = new HistoryFile(file, damaged);
                history.remember(step(now));
                return history;
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot keep the history of figures in " + path + ": " + e.getMessage() + "; it needs up to " + MEGABYTES + " MB there", e);
        }
    }

    /** Whether what was there was no history of this layout, and was moved aside. */
    public boolean wasDamaged() {
        return anew;
    }

    /**
     * Keeps what was measured in the step that ended last.
     *
     * @param now the wall clock's time; it may jump and go back
     * @return how many series found no place: all {@value Layout#PLACES} are taken by series that were there in the last 24 hours
     * @throws IOException when the disk refuses; the next step is tried anew
     */
    public int record(Instant now, List<Sample> samples) throws IOException {
        long step = step(now) - 1;
        if (step < newest) {
            directory.rewind(step);
        }
        newest = step;
        turnTo(step / Layout.STEPS_A_MINUTE);
        steps.clear();
        int refused = 0;
        for (Sample sample : samples) {
            if (Double.isFinite(sample.value())) {
                OptionalInt place = directory.place(sample.series(), step);
                if (place.isPresent()) {
                    steps.put(place.getAsInt(), 0, sample.value());
                } else {
                    refused++;
                }
            }
        }
        minute.add(steps);
        steps.write(file, step);
        return refused;
    }

    /** The minute under way is put together again from its steps by who opens the file next. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    static long step(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), (long) History.STEP_SECONDS);
    }

    /** Another minute than the last step's: that one is over. */
    private void turnTo(long number) throws IOException {
        if (number == minute.number()) {
            return;
        }
        long over = minute.number();
        minute.to(minutes);
        minute.begin(number);
        if (over >= 0) {
            minutes.write(file, over);
        }
    }

    /** When each series was seen last, and the steps of a minute that was not ended; rows of a time to come are no knowledge. */
    private void remember(long now) throws IOException {
        for (int row = 0; row < Layout.MINUTES.rows(); row++) {
            note(minutes, minutes.readAny(file, row) * Layout.STEPS_A_MINUTE, now);
        }
        for (int row = 0; row < Layout.STEPS.rows(); row++) {
            long step = steps.readAny(file, row);
            note(steps, step, now);
            newest = step <= now ? Math.max(newest, step) : newest;
        }
        directory.rewind(now);
        if (newest >= 0) {
            resume(newest / Layout.STEPS_A_MINUTE);
        }
    }

    private void note(Row row, long step, long now) {
        for (int place = 0; step >= 0 && step <= now && place < row.places(); place++) {
            if (!Double.isNaN(row.value(place, 0))) {
                directory.seen(place, step);
            }
        }
    }

    private void resume(long number) throws IOException {
        minute.begin(number);
        for (int i = 0; i < Layout.STEPS_A_MINUTE; i++) {
            if (steps.read(file, number * Layout.STEPS_A_MINUTE + i)) {
                minute.add(steps);
            }
        }
    }

    private static boolean isOurs(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return isOurs(file);
        }
    }

    static boolean isOurs(FileChannel file) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(Layout.PAGE);
        while (page.hasRemaining() && file.read(page, page.position()) >= 0) {
            // A shorter file is none of ours.
        }
        return Layout.isHeader(page.flip());
    }

    /** Whole before it has its name. */
    private static void make(Path path) throws IOException {
        Path coming = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel file = FileChannel.open(coming, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer header = Layout.header();
            while (header.hasRemaining()) {
                file.write(header);
            }
            file.write(ByteBuffer.allocate(1), BYTES - 1);
            file.force(true);
        }
        Files.move(coming, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
