package dev.banyan.bench.cache;

import dev.banyan.topology.HostPort;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that fills a server and asks it about itself; it waits. Not for measuring. */
final class RedisConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    RedisConnection(HostPort at) throws IOException {
        socket.connect(new InetSocketAddress(at.host(), at.port()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** @throws IOException also for an error of the server's */
    String ask(String... command) throws IOException {
        send(command);
        return answer();
    }

    /** Adds a command to what will be sent before the next {@link #answer}. */
    void send(String... command) throws IOException {
        StringBuilder text = new StringBuilder("*").append(command.length).append("\r\n");
        for (String word : command) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next answer: a line, a number or a string; an empty one for none. */
    String answer() throws IOException {
        out.flush();
        String line = line();
        return switch (line.charAt(0)) {
            case '+', ':' -> line.substring(1);
            case '$' -> line.equals("$-1") ? "" : bulk(Integer.parseInt(line.substring(1)));
            default -> throw new IOException(socket.getRemoteSocketAddress() + " says: " + line);
        };
    }

    private String bulk(int length) throws IOException {
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException(socket.getRemoteSocketAddress() + " ended in the middle of an answer");
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException(socket.getRemoteSocketAddress() + " ended instead of answering");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
