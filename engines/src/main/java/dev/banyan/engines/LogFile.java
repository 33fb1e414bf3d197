package dev.banyan.engines;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A process' output on disk, byte for byte: {@code NAME.log}, and {@code NAME.log.1} before it. Past its size it turns to a new file at the
 * next line's end, so both together hold at most twice the size and a line. A full disk loses log lines, never blocks the process that
 * writes them. Owned by the one thread that reads the process' output.
 */
final class LogFile implements AutoCloseable {
    static final long ROTATE_BYTES = 16L << 20;

    private final Path file;
    private final long rotateBytes;
    private OutputStream out;
    private long size;
    private long lostBytes;

    LogFile(Path file, long rotateBytes) {
        this.file = file;
        this.rotateBytes = rotateBytes;
    }

    static Path in(StateFolder folder, String name) {
        return folder.logs().resolve(name + ".log");
    }

    /** The file before the present one. */
    static Path older(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    void append(byte[] bytes, int length) {
        try {
            int start = 0;
            while (start < length) {
                int end = size + (length - start) < rotateBytes ? length : endOfLine(bytes, start, length);
                write(bytes, start, end);
                if (size >= rotateBytes && bytes[end - 1] == '\n') {
                    turn();
                }
                start = end;
            }
        } catch (IOException full) {
            lostBytes += length;
            closeQuietly();
        }
    }

    private static int endOfLine(byte[] bytes, int start, int length) {
        int i = start;
        while (i < length && bytes[i] != '\n') {
            i++;
        }
        return Math.min(i + 1, length);
    }

    private void write(byte[] bytes, int start, int end) throws IOException {
        if (out == null) {
            out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            size = Files.size(file);
        }
        if (lostBytes > 0) {
            out.write(("[banyan: " + lostBytes + " bytes of this log could not be written here]\n").getBytes(StandardCharsets.UTF_8));
            lostBytes = 0;
        }
        out.write(bytes, start, end - start);
        size += end - start;
    }

    private void turn() throws IOException {
        out.close();
        out = null;
        Files.move(file, older(file), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        size = 0;
    }

    private void closeQuietly() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException full) {
            // The loss is counted already.
        }
        out = null;
    }

    @Override
    public void close() {
        closeQuietly();
    }
}
