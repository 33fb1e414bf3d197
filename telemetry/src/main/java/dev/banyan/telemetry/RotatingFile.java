package dev.banyan.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is appended to until it has its most bytes, then becomes NAME.1 (and that NAME.2, and so on) and begins anew. Owned by one
 * writer thread.
 */
final class RotatingFile implements AutoCloseable {
    private final Path path;
    private final long mostBytes;
    private final int kept;
    private FileChannel channel;
    private long size;

    /**
     * @param mostBytes a file may pass it by one write
     * @param kept how many old files stay
     */
    RotatingFile(Path path, long mostBytes, int kept) throws IOException {
        this.path = path;
        this.mostBytes = mostBytes;
        this.kept = kept;
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        open();
    }

    void append(byte[] bytes, int from, int length) throws IOException {
        if (size >= mostBytes) {
            rotate();
        }
        ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
        while (left.hasRemaining()) {
            size += channel.write(left);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void open() throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        size = channel.size();
    }

    private void rotate() throws IOException {
        channel.close();
        for (int i = kept; i > 0; i--) {
            Path younger = i == 1 ? path : numbered(i - 1);
            if (Files.exists(younger)) {
                Files.move(younger, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (kept == 0) {
            Files.deleteIfExists(path);
        }
        open();
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
