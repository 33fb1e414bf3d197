package dev.banyan.cache.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;

/** Stands before a server, and cuts connections when the client says COMMIT: before the server hears of it, or when it has answered. */
final class CuttingProxy implements AutoCloseable {
    /** When to cut. */
    enum Cut {
        NEVER,
        BEFORE_THE_COMMIT,
        BEHIND_THE_COMMIT
    }


    private final ServerSocket listener;
    private final int server;
    private final ExecutorService threads;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    volatile Cut cut = Cut.NEVER;
    volatile int cuts;

    CuttingProxy(int server, ExecutorService threads) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.server = server;
        this.threads = threads;
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
                sockets.addAll(List.of(client, upstream));
                boolean[] committing = new boolean[1];
                threads.execute(() -> pump(client, upstream, committing, true));
                threads.execute(() -> pump(upstream, client, committing, false));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** The client's messages are small: one read is at least one of them. */
    private void pump(Socket from, Socket to, boolean[] committing, boolean fromClient) {
        byte[] buffer = new byte[1 << 16];
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (fromClient && contains(buffer, n)) {
                    if (cut == Cut.BEFORE_THE_COMMIT) {
                        cuts++;
                        return;
                    }
                    committing[0] = cut == Cut.BEHIND_THE_COMMIT;
                } else if (!fromClient && committing[0]) {
                    cuts++;
                    return;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException ended) {
            // So does the other side.
        }
    }

    private static boolean contains(byte[] buffer, int length) {
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT");
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
