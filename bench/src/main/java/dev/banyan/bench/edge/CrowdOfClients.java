package dev.banyan.bench.edge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Many clients that ask for the same at the same time, in a process of their own. It connects them all and prints {@code connected}; at a line on standard input all ask,
 * and it prints {@code asked}; when all are answered or 60 s have passed it prints {@code WHOLE OTHERS MILLISECONDS}: how many got a whole 200, how many not, and how long from the
 * first question to the last answer.
 */
public final class CrowdOfClients {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

    private final int bytes;
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
    private final List<SocketChannel> clients = new ArrayList<>();
    private int whole;
    private int others;

    /** What one client has got so far. */
    private static final class Got {
        private long total;
        private long head;
        private int tail;
        private boolean ok = true;
    }

    private CrowdOfClients(int bytes) {
        this.bytes = bytes;
    }

    /** @param arguments the port of 127.0.0.1, how many, the path, and the bytes of the answer */
    public static void main(String[] arguments) throws IOException {
        CrowdOfClients crowd = new CrowdOfClients(Integer.parseInt(arguments[3]));
        crowd.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), Integer.parseInt(arguments[1]));
        System.out.println("connected");
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
        long began = System.nanoTime();
        crowd.ask(arguments[2]);
        System.out.println("asked");
        crowd.hear(began);
        System.out.println(crowd.whole + " " + crowd.others + " " + (System.nanoTime() - began) / 1_000_000);
    }

    private void connect(InetSocketAddress to, int count) throws IOException {
        while (clients.size() < count) {
            SocketChannel client = SocketChannel.open(to);
            client.setOption(StandardSocketOptions.SO_LINGER, 0); // a reset leaves none of them waiting in the system for a minute
            clients.add(client);
        }
    }

    private void ask(String path) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: crowd.test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        for (SocketChannel client : clients) {
            client.write(request.rewind());
        }
    }

    private void hear(long began) throws IOException {
        try (Selector selector = Selector.open()) {
            for (SocketChannel client : clients) {
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, new Got());
            }
            while (whole + others < clients.size() && System.nanoTime() - began < PATIENCE_NANOS) {
                selector.select(key -> read(key, (Got) key.attachment()), 1_000);
            }
        }
        others = clients.size() - whole;
    }

    private void read(SelectionKey key, Got got) {
        in.clear();
        try {
            int read = ((SocketChannel) key.channel()).read(in);
            if (read < 0) {
                end(key, false);
                return;
            }
            take(got, read);
            if (!got.ok) {
                end(key, false);
            } else if (got.head > 0 && got.total >= got.head + bytes) {
                end(key, got.total == got.head + bytes);
            }
        } catch (IOException reset) {
            end(key, false);
        }
    }

    /** Notes where the head ends, by the first empty line, and whether it begins as it should. */
    private void take(Got got, int read) {
        for (int i = 0; i < read && got.head == 0; i++) {
            byte b = in.get(i);
            long at = got.total + i;
            got.ok &= at >= OK.length || b == OK[(int) at];
            got.tail = b == '\n' ? got.tail + 1 : b == '\r' ? got.tail : 0;
            if (got.tail == 2) {
                got.head = at + 1;
            }
        }
        got.total += read;
    }

    private void end(SelectionKey key, boolean right) {
        key.cancel();
        if (right) {
            whole++;
        } else {
            others++;
        }
    }
}
