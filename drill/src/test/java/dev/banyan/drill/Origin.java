package dev.banyan.drill;

import dev.banyan.net.Loops;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** A tiny HTTP/1.1 server that does with each connection what a test says, misbehaviour included. Blocking, one virtual thread a connection. */
final class Origin implements AutoCloseable {
    private final ServerSocket listener;
    private final Loops loops;
    private final Behaviour behaviour;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** What a connection experiences; the socket is closed when it returns. */
    interface Behaviour {
        void serve(Conversation with) throws IOException, InterruptedException;
    }

    /** What a whole request is answered with. */
    interface Page {
        Reply to(Asked asked) throws IOException, InterruptedException;
    }

    record Asked(String method, String path, Map<String, String> headers, byte[] body) {}

    record Reply(int status, Map<String, String> headers, byte[] body) {
        static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        }

        Reply with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Reply(status, more, body);
        }
    }

    private Origin(Loops loops, Behaviour behaviour) throws IOException {
        this.loops = loops;
        this.behaviour = behaviour;
        this.listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        loops.blocking().execute(this::accept);
    }

    static Origin of(Loops loops, Behaviour behaviour) {
        try {
            return new Origin(loops, behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Well-behaved keep-alive. */
    static Origin pages(Loops loops, Page page) {
        return of(loops, with -> {
            for (Optional<Asked> asked = with.next(); asked.isPresent(); asked = with.next()) {
                with.reply(page.to(asked.get()));
            }
        });
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                loops.blocking().execute(() -> serve(socket));
            } catch (IOException | RejectedExecutionException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            behaviour.serve(new Conversation(socket));
        } catch (IOException | InterruptedException e) {
            // The client left, or the test is over.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection. */
    static final class Conversation {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Conversation(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** The next whole request; empty when the client has closed. */
        Optional<Asked> next() throws IOException {
            String start = line();
            if (start.isEmpty()) {
                return Optional.empty();
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(line.substring(0, colon).toLowerCase(java.util.Locale.ROOT), line.substring(colon + 1).strip());
            }
            byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
            String[] words = start.split(" ");
            return Optional.of(new Asked(words[0], words[1], headers, body));
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        void reply(Reply reply) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Said\r\n");
            reply.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
            head.append("Content-Length: ").append(reply.body().length).append("\r\n\r\n");
            byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
            byte[] all = new byte[start.length + reply.body().length];
            System.arraycopy(start, 0, all, 0, start.length);
            System.arraycopy(reply.body(), 0, all, start.length, reply.body().length);
            out.write(all);
            out.flush();
        }

        void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Reads until the client closes. */
        void hang() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        /** Closes with a reset instead of in order. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
