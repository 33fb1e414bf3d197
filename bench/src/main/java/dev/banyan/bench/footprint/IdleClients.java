package dev.banyan.bench.footprint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that have asked once and keep their connections, in a process of their own: after each line on standard input it prints how many of
 * them are still open; it ends, and they with it, when standard input does.
 */
public final class IdleClients {
    private static final byte[] REQUEST = "GET /1k HTTP/1.1\r\nHost: idle.test\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
    private static final int BODY = 1024;

    private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
    private final ByteBuffer out = ByteBuffer.allocateDirect(REQUEST.length).put(REQUEST);
    private final List<SocketChannel> open = new ArrayList<>();

    private IdleClients() {}

    /** @param arguments the port of 127.0.0.1, how many, and how often each asks */
    public static void main(String[] arguments) throws IOException {
        IdleClients clients = new IdleClients();
        InetSocketAddress door = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        int requests = Integer.parseInt(arguments[2]);
        while (clients.open.size() < count) {
            clients.open(door, requests);
        }
        for (SocketChannel client : clients.open) {
            client.configureBlocking(false);
        }
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (questions.readLine() != null) {
            System.out.println(clients.stillOpen());
        }
        for (SocketChannel client : clients.open) {
            client.close();
        }
    }

    private void open(InetSocketAddress door, int requests) throws IOException {
        SocketChannel client = SocketChannel.open(door);
        // A reset leaves none of them waiting in the system for a minute.
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        open.add(client);
        for (int i = 0; i < requests; i++) {
            ask(client);
        }
    }

    private void ask(SocketChannel client) throws IOException {
        out.flip();
        client.write(out);
        in.clear();
        while (!hasWholeAnswer()) {
            if (client.read(in) < 0) {
                throw new IOException("connection " + open.size() + " was closed before its answer");
            }
        }
    }

    /** The answer is the origin's, of a known length; its head ends with the first empty line. */
    private boolean hasWholeAnswer() throws IOException {
        for (int i = 0; i < Math.min(OK.length, in.position()); i++) {
            if (in.get(i) != OK[i]) {
                throw new IOException("connection " + open.size() + " was not answered with 200");
            }
        }
        for (int i = 3; i < in.position(); i++) {
            if (in.get(i) == '\n' && in.get(i - 1) == '\r' && in.get(i - 2) == '\n') {
                return in.position() >= i + 1 + BODY;
            }
        }
        return false;
    }

    private int stillOpen() throws IOException {
        int count = 0;
        for (SocketChannel client : open) {
            in.clear();
            if (client.read(in) == 0) {
                count++;
            }
        }
        return count;
    }
}
