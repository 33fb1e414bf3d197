package dev.banyan.http;

import dev.banyan.topology.HostPort;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does exactly what a test says with each request, byte by byte; it remembers every head it saw. Health checks pass. */
final class Origin implements AutoCloseable {
    /** What it does with one request. */
    @FunctionalInterface
    interface Script {
        void serve(Request request, OutputStream out) throws IOException;
    }

    /** A request: its head as text, and the stream its body is read from. */
    record Request(String head, InputStream body, Socket socket) {
        /** Ends the connection with a reset, so that what is on its way is lost. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        String header(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase().startsWith(name.toLowerCase() + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    /** The status of its health path. */
    volatile int health = 200;
    /** What comes before that status, as interim answers. */
    volatile String healthPrefix = "";
    final AtomicInteger checks = new AtomicInteger();
    final List<String> heads = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    Origin(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    /** Answers each request with this text. */
    static Origin saying(String text) throws IOException {
        return new Origin((_, out) -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text));
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    HostPort address() {
        return new HostPort("127.0.0.1", listener.getLocalPort());
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            sockets.forEach(Origin::shut);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
                if (head.startsWith("GET /health ")) {
                    checks.incrementAndGet();
                    write(socket.getOutputStream(), healthPrefix + "HTTP/1.1 " + health + " Checked\r\nContent-Length: 0\r\n\r\n");
                    continue;
                }
                heads.add(head);
                script.serve(new Request(head, in, socket), socket.getOutputStream());
                if (socket.isClosed()) {
                    return;
                }
            }
        } catch (IOException gone) {
            // what it was asked for ends here
        } finally {
            sockets.remove(socket);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    /** Its open connections. */
    int connections() {
        return sockets.size();
    }

    void closeConnections() {
        sockets.forEach(Origin::shut);
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // it is closed
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeConnections();
    }
}
