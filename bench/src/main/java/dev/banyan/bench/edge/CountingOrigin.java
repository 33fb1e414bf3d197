package dev.banyan.bench.edge;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin that counts who asks for anything but its home page, by which its health is known, and answers nobody before it is told to. */
final class CountingOrigin implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] body;
    private final CountDownLatch answering = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();

    /** @param bytes of each answer */
    CountingOrigin(int bytes) throws IOException {
        body = "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
        listener = new ServerSocket(0, 16_384, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int requests() {
        return requests.get();
    }

    /** From now on it answers, those who wait first. */
    void answer() {
        answering.countDown();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // it is over
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            for (String line = head(in); !line.isEmpty(); line = head(in)) {
                if (line.startsWith("GET / ")) {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    continue;
                }
                requests.incrementAndGet();
                answering.await();
                out.write(("HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(body);
            }
        } catch (IOException gone) {
            // it wants no more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The request's line, once its head is whole; empty at the end. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.substring(0, head.indexOf("\r\n"));
            }
        }
        return "";
    }

    @Override
    public void close() throws IOException {
        answer();
        listener.close();
    }
}
