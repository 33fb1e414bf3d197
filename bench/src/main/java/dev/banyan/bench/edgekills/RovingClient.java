package dev.banyan.bench.edgekills;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A client that keeps a connection to one edge, and goes to the next when that one gives no whole answer, as browsers do with several addresses of a name (RFC 8305). Every request is a GET. An
 * answer of 502 to 504 is an answer: it stays. Owned by one thread.
 */
final class RovingClient implements AutoCloseable {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int READ_MILLIS = 10_000;

    private final List<Integer> ports;
    private final Supplier<Phase> phase;
    private int at;
    private Socket socket;
    private InputStream in;

    /** @param first which of the ports it begins with */
    RovingClient(List<Integer> ports, int first, Supplier<Phase> phase) {
        this.ports = ports;
        this.at = first % ports.size();
        this.phase = phase;
    }

    /** Asks, at every edge once at most, and counts what came of it in the phase in which it ended. */
    void ask(Wanted what, String path) {
        String why = "";
        for (int tries = 0; tries < ports.size(); tries++) {
            try {
                String head = get(path);
                if (head.startsWith("HTTP/1.1 200 ")) {
                    phase.get().answered(head.toLowerCase(Locale.ROOT).contains("; hit"));
                } else {
                    phase.get().failed(what, "status " + head.substring(9, Math.min(12, head.length())));
                }
                return;
            } catch (IOException e) {
                why = words(e);
                close();
                at = (at + 1) % ports.size();
                if (tries + 1 < ports.size()) {
                    phase.get().moved(why);
                }
            }
        }
        phase.get().failed(what, "no edge answered, the last: " + why);
    }

    private static String words(IOException e) {
        return switch (e) {
            case EOFException _ -> e.getMessage();
            case SocketTimeoutException _ -> "no answer within its time";
            case java.net.ConnectException _ -> "no connection";
            default -> "a reset";
        };
    }

    /** @return the head, when the content is whole and right */
    private String get(String path) throws IOException {
        if (socket == null) {
            socket = new Socket();
            socket.connect(new InetSocketAddress("127.0.0.1", ports.get(at)), CONNECT_MILLIS);
            socket.setSoTimeout(READ_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: kills.test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String head = head();
        int field = head.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length:");
        int length = field < 0 ? 0 : Integer.parseInt(head.substring(field + 17, head.indexOf("\r\n", field + 2)).strip());
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("half an answer");
        }
        if (head.startsWith("HTTP/1.1 200 ") && !Arrays.equals(content, Wanted.content(path))) {
            throw new IllegalStateException("another content than that of " + path + " came with " + head);
        }
        if (head.toLowerCase(Locale.ROOT).contains("\r\nconnection: close")) {
            close();
        }
        return head;
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException(head.isEmpty() ? "a closed connection" : "half an answer");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException _) {
            // it is gone
        }
        socket = null;
    }
}
