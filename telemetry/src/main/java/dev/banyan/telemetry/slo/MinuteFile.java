package dev.banyan.telemetry.slo;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * The minutes on disk, each written where it lies as it grows: what was written outlives the process, however it ends. Before them 16 bytes:
 * a name and how many there are. A file of another length is written anew with what fits; one that cannot be understood is put aside, and
 * counting begins anew. While the disk takes nothing, it is all in memory and tried again with each write: a count never keeps a site from
 * starting. Not safe for several threads.
 */
final class MinuteFile implements AutoCloseable {
    private static final long NAME = 0x42414E59534C4F31L; // "BANYSLO1"
    private static final int HEADER = 16;

    private final Path file;
    private final Minutes minutes;
    /** Whether what is on disk has this length and no torn minute. */
    private boolean fits;
    /** Null while the disk has refused. */
    private FileChannel channel;

    private MinuteFile(Path file, Minutes minutes, boolean fits) {
        this.file = file;
        this.minutes = minutes;
        this.fits = fits;
    }

    /**
     * @param length how many minutes are kept from now on
     * @param told hears a sentence when something of the file is lost
     * @throws BanyanException DISK when what is there cannot be read
     */
    static MinuteFile open(Path file, int length, Consumer<String> told) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Minutes minutes = new Minutes(length);
            MinuteFile opened = new MinuteFile(file, minutes, Files.exists(file) && read(file, minutes, told));
            opened.tryToOpen();
            return opened;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot keep the counts of the site's promises (slo) in " + file + ": " + e + "; make its folder writable", e);
        }
    }

    private void tryToOpen() {
        try {
            open();
        } catch (IOException later) {
            // The next write tries again, and whoever writes is told why it cannot.
        }
    }

    private void open() throws IOException {
        if (!fits) {
            writeAll(file, minutes);
            fits = true;
        }
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    Minutes minutes() {
        return minutes;
    }

    /** Puts a minute on disk as it is now. */
    void write(int minute) throws IOException {
        if (channel == null) {
            fits = false; // nor has it what was counted meanwhile
            open();
        }
        ByteBuffer bytes = minutes.bytes(minute);
        long at = HEADER + minutes.offset(minute);
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Whether the file is as it has to be, but for torn minutes. */
    private static boolean read(Path file, Minutes minutes, Consumer<String> told) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        int length = all.capacity() >= HEADER && all.getLong(0) == NAME ? all.getInt(8) : 0;
        if (length <= 0 || all.capacity() != HEADER + (long) length * Minutes.BYTES) {
            Path aside = file.resolveSibling(file.getFileName() + ".torn");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            told.accept("the counts of the site's promises (slo) in " + file + " cannot be read (" + all.capacity() + " bytes): they begin anew, with all of the budget left; the file is kept as " + aside);
            return false;
        }
        int torn = 0;
        for (int i = 0; i < length; i++) {
            torn += minutes.take(all.slice(HEADER + i * Minutes.BYTES, Minutes.BYTES)) ? 0 : 1;
        }
        if (torn > 0) {
            told.accept(torn + (torn == 1 ? " minute" : " minutes") + " of " + length + " in " + file + " cannot be read and do not count any more among what the site's promises (slo) are held against");
        }
        return length == minutes.length() && torn == 0;
    }

    private static void writeAll(Path file, Minutes minutes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeAll(out, ByteBuffer.allocate(HEADER).putLong(0, NAME).putInt(8, minutes.length()));
            writeAll(out, minutes.bytes());
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
