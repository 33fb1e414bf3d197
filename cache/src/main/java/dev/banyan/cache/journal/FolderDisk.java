package dev.banyan.cache.journal;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A real folder, held by one process at a time with a lock of the system's; its files can be read by their owner only. */
final class FolderDisk implements Disk {
    private static final String LOCK = "lock";
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final FileChannel held;

    private FolderDisk(Path folder, FileChannel held) {
        this.folder = folder;
        this.held = held;
    }

    static FolderDisk open(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel file = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(file) == null) {
                file.close();
                throw new BanyanException(ErrorCode.SITE_IS_HELD, "the write-behind journal in " + folder + " is held by another process or another part of this one: end that first, or name another folder");
            }
            return new FolderDisk(folder, file);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the write-behind journal's folder " + folder + " cannot be used (" + e + "): make it a folder that may be written", e);
        }
    }

    /** Null when it is held. The lock goes with the channel. */
    private static FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException ours) {
            return null;
        }
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(LOCK)).sorted().toList();
        }
    }

    @Override
    public byte[] read(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }

    @Override
    public Writing create(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
        try {
            return new Channel(FileChannel.open(folder.resolve(name), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY));
        } catch (FileAlreadyExistsException twice) {
            throw new IOException("another program makes " + folder.resolve(name) + " at the same time", twice);
        }
    }

    @Override
    public void truncate(String name, long length) throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
            file.truncate(length);
            file.force(true);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void forceNames() throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    @Override
    public void close() {
        try {
            held.close();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the hold on " + folder + " cannot be given back: " + e, e);
        }
    }

    private record Channel(FileChannel file) implements Writing {
        @Override
        public void write(long position, ByteBuffer bytes) throws IOException {
            long at = position;
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        }

        @Override
        public void force() throws IOException {
            file.force(false);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
