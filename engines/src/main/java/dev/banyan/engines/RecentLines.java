package dev.banyan.engines;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last lines of a process' output, for the console and for error messages: at most 200 lines of at most 2000 bytes. Thread-safe. */
final class RecentLines {
    private static final int LINES = 200;
    private static final int LINE_BYTES = 2000;

    private final Deque<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();

    synchronized void add(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                endLine();
            } else if (open.size() < LINE_BYTES) {
                open.write(bytes[i]);
            }
        }
    }

    private void endLine() {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(open.toString(StandardCharsets.UTF_8).stripTrailing());
        open.reset();
    }

    /** The last ones, oldest first; an unfinished last line counts. */
    synchronized List<String> last(int count) {
        List<String> all = new ArrayList<>(lines);
        if (open.size() > 0) {
            all.add(open.toString(StandardCharsets.UTF_8).stripTrailing());
        }
        return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
    }
}
