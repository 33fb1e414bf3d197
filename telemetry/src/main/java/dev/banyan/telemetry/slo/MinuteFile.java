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
 * counting begins anew. Not safe for several threads.
 */
final class MinuteFile implements AutoCloseable {
    private static final long NAME = 0x42414E59534C4F31L; // "BANYSLO1"
    private static final int HEADER = 16;

    private final Path file;
    private final FileChannel channel;
    private final Minutes minutes;

    private MinuteFile(Path file, FileChannel channel, Minutes minutes) {
        this.file = file;
        this.channel = channel;
        this.minutes = minutes;
    }

    /**
     * @param length how many minutes are kept from now on
     * @param told hears a sentence when something of the file is lost
     * @throws BanyanException DISK when it can be neither read nor made
     */
    static MinuteFile open(Path file, int length, Consumer<String> told) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Minutes minutes = new Minutes(length);
            boolean fits = Files.exists(file) && read(file, minutes, told);
            if (!fits) {
                writeAll(file, minutes);
            }
            return new MinuteFile(file, FileChannel.open(file, StandardOpenOption.WRITE), minutes);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot keep the counts of the site's promises (slo) in " + file + ": " + e + "; make its folder writable", e);
        }
    }

    Minutes minutes() {
        return minutes;
    }

    /** Puts a minute on disk as it is now. */
    void write(int minute) throws IOException {
        ByteBuffer bytes = minutes.bytes(minute);
        long at = HEADER + minutes.offset(minute);
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
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
