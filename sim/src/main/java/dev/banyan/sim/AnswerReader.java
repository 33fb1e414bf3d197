package dev.banyan.sim;

import java.util.Locale;

/** Reads HTTP/1.1 answers from text that comes in pieces; as simple as can be, for it judges the code under test. */
final class AnswerReader {
    private final StringBuilder received = new StringBuilder();
    private int status;
    private int id;
    private String body = "";
    private boolean ended;

    void add(String text) {
        received.append(text);
    }

    /** The connection has closed: a body without a length ends here. */
    void end() {
        ended = true;
    }

    /** Takes one whole final answer off the front; false while there is none. */
    boolean readWhole(boolean withoutBody) {
        int end = received.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        String head = received.substring(0, end + 2).toLowerCase(Locale.ROOT);
        status = Integer.parseInt(head.substring(9, 12));
        if (status < 200) {
            received.delete(0, end + 4);
            return readWhole(withoutBody);
        }
        id = Integer.parseInt(field(head, "x-id", "-1"));
        int from = end + 4;
        if (withoutBody) {
            return take(from, "");
        }
        if (field(head, "transfer-encoding", "").equals("chunked")) {
            return readChunks(from);
        }
        String length = field(head, "content-length", "");
        if (length.isEmpty()) {
            return ended && take(received.length(), received.substring(from));
        }
        int to = from + Integer.parseInt(length);
        return received.length() >= to && take(to, received.substring(from, to));
    }

    private boolean readChunks(int from) {
        StringBuilder content = new StringBuilder();
        int at = from;
        while (true) {
            int lineEnd = received.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return false;
            }
            int size = Integer.parseInt(received.substring(at, lineEnd), 16);
            int dataEnd = lineEnd + 2 + size;
            if (received.length() < dataEnd + 2) {
                return false;
            }
            if (size == 0) {
                return take(dataEnd + 2, content.toString());
            }
            content.append(received, lineEnd + 2, dataEnd);
            at = dataEnd + 2;
        }
    }

    private boolean take(int end, String content) {
        received.delete(0, end);
        body = content;
        return true;
    }

    private static String field(String head, String name, String otherwise) {
        for (String line : head.split("\r\n")) {
            if (line.startsWith(name + ": ")) {
                return line.substring(name.length() + 2);
            }
        }
        return otherwise;
    }

    int status() {
        return status;
    }

    /** The request that this answers, or -1 when the front door answered by itself. */
    int id() {
        return id;
    }

    String body() {
        return body;
    }

    boolean hasMore() {
        return !received.isEmpty();
    }

    @Override
    public String toString() {
        return received.substring(0, Math.min(80, received.length()));
    }
}
