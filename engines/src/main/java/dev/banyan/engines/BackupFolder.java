package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks a base backup into a new folder straight from the stream. Nothing is written outside the folder, and the disk is never filled up: the
 * server that is copied lies mostly on the same one, and would stop. Owned by one thread.
 */
final class BackupFolder {
    /** What is left free for the others: eight segments of log. */
    static final long RESERVE = 128L << 20;
    private static final long LOOK_EVERY = 1 << 20;
    private static final FileAttribute<?> FOLDER = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** What became of a file, for the manifest. */
    record Unpacked(long bytes, int checksum) {}

    private final Path folder;
    private final long expected;
    private final Progress progress;
    private final byte[] buffer = new byte[1 << 16];
    private final Map<String, Unpacked> files = new HashMap<>();
    private long bytes;
    private long looked;

    /** Makes the folder; DISK when there is no room for that many bytes. */
    BackupFolder(Path folder, long expected, Progress progress) throws IOException {
        this.folder = folder;
        this.expected = expected;
        this.progress = progress;
        Files.createDirectory(folder, FOLDER);
        requireRoom(expected);
    }

    /** Everything in the archive; returns the files by their paths in it. */
    Map<String, Unpacked> unpack(InputStream archive) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(archive);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path target = folder.resolve(entry.getName()).normalize();
            if (!target.startsWith(folder)) {
                throw new IOException("the backup holds " + entry.getName() + ", which leaves its folder");
            }
            if (entry.isDirectory()) {
                Files.createDirectories(target, FOLDER);
            } else if (entry.isFile() && !entry.isSymbolicLink() && !entry.isLink()) {
                files.put(entry.getName(), write(tar, target));
            } else {
                throw new IOException("the backup holds " + entry.getName() + ", which is neither a file nor a folder; a part of the data folder that was moved"
                        + " elsewhere and linked cannot be copied");
            }
        }
        // What pads the archive.
        archive.transferTo(OutputStream.nullOutputStream());
        progress.copied(bytes, Math.max(bytes, expected));
        return files;
    }

    private Unpacked write(InputStream content, Path target) throws IOException {
        Files.createDirectories(target.getParent(), FOLDER);
        CRC32C checksum = new CRC32C();
        long before = bytes;
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE))) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                out.write(buffer, 0, read);
                checksum.update(buffer, 0, read);
                bytes += read;
                if (bytes - looked >= LOOK_EVERY) {
                    looked = bytes;
                    requireRoom(0);
                    progress.copied(bytes, Math.max(bytes, expected));
                }
            }
        }
        return new Unpacked(bytes - before, (int) checksum.getValue());
    }

    private void requireRoom(long more) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < more + RESERVE) {
            throw new BanyanException(ErrorCode.DISK, "the disk that holds " + folder.getParent() + " has " + size(free) + " free; the copy needs "
                    + size(Math.max(more, expected - bytes)) + " more and " + size(RESERVE) + " are left to the running servers; make room, and it can be made again");
        }
    }

    private static String size(long bytes) {
        return Math.max(0, bytes) / 1_000_000 + " MB";
    }
}
