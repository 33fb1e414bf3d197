package dev.banyan.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Where the last lines of a file begin, found from its end.
 *
 * @param position the first of these lines' offset
 * @param lines how many lines there are from there on; fewer than asked for when the file holds no more
 */
record LogTail(long position, int lines) {
    private static final int CHUNK = 64 << 10;

    static LogTail of(FileChannel file, int wanted) throws IOException {
        long end = file.size();
        if (wanted <= 0 || end == 0) {
            return new LogTail(end, 0);
        }
        int found = 0;
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (long from = Math.max(0, end - CHUNK), to = end; to > 0; to = from, from = Math.max(0, to - CHUNK)) {
            chunk.clear().limit((int) (to - from));
            readFully(file, chunk, from);
            for (int i = chunk.limit() - 1; i >= 0; i--) {
                // A line begins behind each line end, except behind the file's last byte.
                if (chunk.get(i) == '\n' && from + i + 1 < end && ++found == wanted) {
                    return new LogTail(from + i + 1, wanted);
                }
            }
        }
        return new LogTail(0, found + 1);
    }

    private static void readFully(FileChannel file, ByteBuffer chunk, long from) throws IOException {
        while (chunk.hasRemaining() && file.read(chunk, from + chunk.position()) >= 0) {
            // Goes on until the chunk is full.
        }
    }
}
