package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The disk tier's folder: 256 folders of files whose names are numbers, and one of files that are being written. Its methods block. One process has it at a time.
 */
final class DiskFolder implements AutoCloseable {
    private static final int FOLDERS = 256;
    private static final int FIRST_READ = 4 << 10;
    private static final int WRITE = 256 << 10;
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{16}");

    private final Path folder;
    private final Path unfinished;
    private final FileChannel lock;

    private DiskFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.unfinished = folder.resolve("unfinished");
        this.lock = lock;
    }

    /**
     * Makes it when it is not there, and deletes what was left unfinished.
     *
     * @throws IOException also when another process has it
     */
    static DiskFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (held(lock) == null) {
                throw new IOException("another process has it");
            }
            DiskFolder opened = new DiskFolder(folder, lock);
            opened.prepare();
            return opened;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static FileLock held(FileChannel lock) throws IOException {
        try {
            return lock.tryLock();
        } catch (OverlappingFileLockException byThisProcess) {
            return null;
        }
    }

    private void prepare() throws IOException {
        Files.createDirectories(unfinished);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(unfinished)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
        for (int i = 0; i < FOLDERS; i++) {
            Path part = folder.resolve(String.format("%02x", i));
            if (!Files.isDirectory(part)) {
                Files.createDirectory(part);
            }
        }
    }

    /** The numbers of all files, rising. */
    Collection<Long> ids() throws IOException {
        TreeSet<Long> ids = new TreeSet<>();
        for (int i = 0; i < FOLDERS; i++) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(String.format("%02x", i)))) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    if (NAME.matcher(name).matches()) {
                        ids.add(Long.parseUnsignedLong(name, 16));
                    }
                }
            }
        }
        return ids;
    }

    Path path(long id) {
        return folder.resolve(String.format("%02x", id & FOLDERS - 1)).resolve(String.format("%016x", id));
    }

    FileChannel read(long id) throws IOException {
        return FileChannel.open(path(id), StandardOpenOption.READ);
    }

    long size(long id) throws IOException {
        return Files.size(path(id));
    }

    /** What a file begins with, verified; empty when it is broken. The channel is left where the content begins. */
    static Optional<FileHead> head(FileChannel file) throws IOException {
        long size = file.size();
        ByteBuffer first = filled(file, 0, (int) Math.min(size, FIRST_READ));
        Optional<Integer> length = FileHead.size(first, size);
        if (length.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer all = length.get() <= first.remaining() ? first.slice(0, length.get()) : filled(file, 0, length.get());
        file.position(length.get());
        return all.remaining() == length.get() ? FileHead.read(all) : Optional.empty();
    }

    private static ByteBuffer filled(FileChannel file, long from, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
            // until it is full or the file ends
        }
        return buffer.flip();
    }

    /**
     * Reads blocks and verifies each.
     *
     * @param contentAt where in the file the content begins
     * @return the caller's to release; null when a block is broken or missing
     */
    static ByteBuf blocks(FileChannel file, long contentAt, FileHead head, int first, int count) throws IOException {
        long from = (long) first * FileHead.BLOCK;
        int bytes = (int) Math.min((long) count * FileHead.BLOCK, head.length() - from);
        ByteBuf into = Segments.allocate(bytes);
        boolean good = false;
        try {
            good = fill(file, contentAt + from, into.internalNioBuffer(0, bytes)) && verified(into.nioBuffer(0, bytes), head.sums(), first);
            return good ? into.writerIndex(bytes) : null;
        } finally {
            if (!good) {
                into.release();
            }
        }
    }

    private static boolean fill(FileChannel file, long from, ByteBuffer into) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (file.read(into, from + into.position() - start) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean verified(ByteBuffer bytes, int[] sums, int first) {
        CRC32C crc = new CRC32C();
        for (int block = first; bytes.hasRemaining(); block++) {
            ByteBuffer one = bytes.slice(bytes.position(), Math.min(FileHead.BLOCK, bytes.remaining()));
            bytes.position(bytes.position() + one.remaining());
            crc.reset();
            crc.update(one);
            if ((int) crc.getValue() != sums[block]) {
                return false;
            }
        }
        return true;
    }

    /** The sums of a content's blocks. */
    static int[] sums(Content content) {
        int[] sums = new int[FileHead.blocks(content.length())];
        CRC32C crc = new CRC32C();
        try (ContentReader reader = content.open(0, Long.MAX_VALUE)) {
            for (int block = 0; block < sums.length; block++) {
                crc.reset();
                for (int left = FileHead.BLOCK; left > 0; ) {
                    ByteBuf piece = reader.read(left);
                    if (piece == null) {
                        break;
                    }
                    left -= piece.readableBytes();
                    crc.update(piece.nioBuffer());
                    piece.release();
                }
                sums[block] = (int) crc.getValue();
            }
        }
        return sums;
    }

    /** Writes a file beside the others, not yet one of them; its size. A file that cannot be written whole is deleted. */
    long write(long id, FileHead head, Content content) throws IOException {
        return writeUnfinished(id, head, out -> {
            try (ContentReader reader = content.open(0, Long.MAX_VALUE)) {
                for (ByteBuf piece = reader.read(WRITE); piece != null; piece = reader.read(WRITE)) {
                    try {
                        all(out, piece.nioBuffer());
                    } finally {
                        piece.release();
                    }
                }
            }
        });
    }

    /** The same with the content of another file, unread: its blocks' sums go with them. */
    long copy(long id, FileHead head, FileChannel from, long contentAt) throws IOException {
        return writeUnfinished(id, head, out -> {
            for (long at = 0; at < head.length(); ) {
                long moved = from.transferTo(contentAt + at, head.length() - at, out);
                if (moved <= 0) {
                    throw new IOException("a file of " + head.length() + " bytes ended after " + at);
                }
                at += moved;
            }
        });
    }

    private long writeUnfinished(long id, FileHead head, Source content) throws IOException {
        Path path = unfinished(id);
        try (FileChannel out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            all(out, head.bytes());
            content.writeTo(out);
            return out.position();
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private static void all(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Makes a file that was written one of the others, in one step. */
    void finish(long id) throws IOException {
        Files.move(unfinished(id), path(id), StandardCopyOption.ATOMIC_MOVE);
    }

    void abandon(long id) throws IOException {
        Files.deleteIfExists(unfinished(id));
    }

    private Path unfinished(long id) {
        return unfinished.resolve(String.format("%016x", id));
    }

    void delete(long id) throws IOException {
        Files.deleteIfExists(path(id));
    }

    /** Marks a file as invalidated, on the disk when this returns. One that is gone needs no mark. */
    void mark(long id) throws IOException {
        try (FileChannel file = FileChannel.open(path(id), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {FileHead.STALE}), FileHead.MARK);
            file.force(false);
        } catch (java.nio.file.NoSuchFileException gone) {
            return;
        }
    }

    /** Has the deletion of these on the disk when this returns: a power cut does not undo it either. */
    void sync(List<DiskFile> deleted) throws IOException {
        TreeSet<Path> parts = new TreeSet<>();
        deleted.forEach(file -> parts.add(path(file.id).getParent()));
        for (Path part : parts) {
            try (FileChannel opened = FileChannel.open(part, StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** Writes a content to a file. */
    private interface Source {
        void writeTo(FileChannel out) throws IOException;
    }
}
