package dev.banyan.engines;

import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One GET on a connection of its own, for the wait after a start. It reads the status line and no further.
 *
 * @param timeout for the connection, and again for the answer
 */
record HealthProbe(HostPort server, String path, Duration timeout) {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
    private static final int LONGEST_STATUS_LINE = 1024;

    /** What the server said. */
    sealed interface Answer {
        record Status(int code) implements Answer {
            boolean healthy() {
                return code >= 200 && code < 400;
            }
        }

        record None(String why) implements Answer {}
    }

    Answer ask() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(server.host(), server.port()), (int) timeout.toMillis());
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + server + "\r\nUser-Agent: banyan\r\nAccept: */*\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String line = statusLine(socket.getInputStream());
            Matcher status = STATUS_LINE.matcher(line);
            return status.matches() ? new Answer.Status(Integer.parseInt(status.group(1))) : new Answer.None("it does not speak HTTP/1");
        } catch (SocketTimeoutException e) {
            return new Answer.None("no answer within " + timeout.toMillis() + " ms");
        } catch (IOException e) {
            return new Answer.None(Reason.of(e));
        }
    }

    private static String statusLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST_STATUS_LINE; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
