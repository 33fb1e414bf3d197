package dev.banyan.cli;

import dev.banyan.topology.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One look at an edge: begins an HTTP/2 connection and waits for its SETTINGS (RFC 9113 section 3.4). That shows that it accepts, reads and answers, and is no request: nothing
 * is counted, logged, looked up or asked for behind it. Blocks.
 */
final class EdgeProbe {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_HEAD = 9;
    private static final byte SETTINGS = 4;

    private EdgeProbe() {}

    /** Empty when it answers; else why not. */
    static String look(HostPort edge, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(edge.host(), edge.port()), (int) timeout.toMillis());
            ByteArrayOutputStream hello = new ByteArrayOutputStream();
            hello.writeBytes(PREFACE);
            hello.writeBytes(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
            socket.getOutputStream().write(hello.toByteArray());
            byte[] head = socket.getInputStream().readNBytes(FRAME_HEAD);
            return head.length == FRAME_HEAD && head[3] == SETTINGS ? "" : "it closed the connection without an answer";
        } catch (IOException e) {
            return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
    }
}
