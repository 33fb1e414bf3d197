package dev.banyan.drill.cache;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection to a cache in the Redis protocol (RESP2), as plain as can be: no pool, nothing is sent twice, so that of each command it is known
 * whether it was answered. A failure leaves it closed. Used by one thread at a time.
 */
final class CacheLink implements AutoCloseable {
    private static final int CONNECT_MS = 10_000;

    private final Socket socket;
    private final InputStream in;

    /** @throws IOException when it cannot be reached, or refuses who we are */
    CacheLink(RedisUrl url, Duration answer) throws IOException {
        socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(url.host(), url.port()), CONNECT_MS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) answer.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
            if (url.password().isPresent()) {
                String password = url.password().get().reveal();
                ask(url.user().map(user -> List.of("AUTH", user, password)).orElse(List.of("AUTH", password)));
            }
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The cache answered, and said that it did not do it. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    Optional<String> get(String key) throws IOException {
        return ask(List.of("GET", key));
    }

    /** Sends the same GET so many times at once, then takes all answers. */
    List<Optional<String>> getOften(String key, int times) throws IOException {
        socket.getOutputStream().write(command(List.of("GET", key)).repeat(times).getBytes(StandardCharsets.UTF_8));
        List<Optional<String>> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(answer());
        }
        return answers;
    }

    /** Any command that is answered with a simple string, a number or a bulk string. */
    Optional<String> ask(List<String> words) throws IOException {
        try {
            socket.getOutputStream().write(command(words).getBytes(StandardCharsets.UTF_8));
            return answer();
        } catch (Refused e) {
            throw e;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static String command(List<String> words) {
        StringBuilder text = new StringBuilder("*").append(words.size()).append("\r\n");
        words.forEach(word -> text.append('$').append(word.getBytes(StandardCharsets.UTF_8).length).append("\r\n").append(word).append("\r\n"));
        return text.toString();
    }

    /** A simple string, a number or a bulk string; nothing else is asked for. */
    private Optional<String> answer() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> Optional.of(rest);
            case '-' -> throw new Refused(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            default -> throw new IOException("an answer that was not asked for: " + line.charAt(0));
        };
    }

    private Optional<String> bulk(int length) throws IOException {
        if (length < 0) {
            return Optional.empty();
        }
        byte[] bytes = in.readNBytes(length + 2); // and the end of the line
        if (bytes.length < length + 2) {
            throw new EOFException("the cache closed the connection within an answer");
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n') {
            line.append((char) c);
            c = in.read();
        }
        if (c < 0 || line.length() < 2) {
            throw new EOFException("the cache closed the connection");
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
