package dev.banyan.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what a test says, byte by byte. */
final class Client implements AutoCloseable {
    final Socket socket;
    final InputStream in;

    Client(Site site) throws IOException {
        socket = site.connect();
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** What one connection is told when this is all it says. */
    static String ask(Site site, String request) throws IOException {
        try (Client client = new Client(site)) {
            return client.say(request).answer();
        }
    }

    static String get(Site site, String path) throws IOException {
        return get(site, path, "a");
    }

    static String get(Site site, String path, String host) throws IOException {
        return ask(site, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    Client say(String text) throws IOException {
        Origin.write(socket.getOutputStream(), text);
        return this;
    }

    /** The next head, with its empty line; what there is of it when the connection ends. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return head.toString();
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** The next answer: its head and as many bytes as its Content-Length says. */
    String answer() throws IOException {
        String head = head();
        int at = head.toLowerCase().indexOf("\r\ncontent-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 18, head.indexOf("\r\n", at + 2)));
        return head + take(length);
    }

    String take(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** Everything until the connection ends properly. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
