package dev.banyan.cache;

import dev.banyan.resp.NodeDown;
import dev.banyan.resp.Store;
import dev.banyan.resp.wire.Reply;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A store of one node, one command after the other on one connection; a broken one is opened anew for the next command. */
final class RedisStore implements Store, AutoCloseable {
    private final int port;
    private final AtomicLong sent = new AtomicLong();
    private Socket socket;
    private DataInputStream in;
    private OutputStream out;
    private volatile boolean unreachable;

    RedisStore(int port) {
        this.port = port;
    }

    /** Whether it answers PING. */
    boolean ready() {
        return send(new byte[0], bytes("PING")).toCompletableFuture().handle((reply, failure) -> failure == null && reply instanceof Reply.Simple).join();
    }

    /** As a broken network: nothing gets there, and the node goes on. */
    void unreachable(boolean now) {
        unreachable = now;
    }

    long sent() {
        return sent.get();
    }

    Reply command(String... words) {
        byte[][] command = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            command[i] = bytes(words[i]);
        }
        return send(command[0], command).toCompletableFuture().join();
    }

    @Override
    public synchronized CompletionStage<Reply> send(byte[] key, byte[]... command) {
        sent.incrementAndGet();
        try {
            if (unreachable) {
                throw new IOException("unreachable");
            }
            connect();
            write(command);
            return CompletableFuture.completedFuture(read());
        } catch (IOException e) {
            close();
            return CompletableFuture.failedFuture(new NodeDown("cache-1 at 127.0.0.1:" + port + " is down: " + e.getMessage()));
        }
    }

    @Override
    public CompletionStage<Reply> get(byte[] key) {
        return send(key, bytes("GET"), key);
    }

    private void connect() throws IOException {
        if (socket == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new BufferedOutputStream(socket.getOutputStream());
        }
    }

    private void write(byte[][] command) throws IOException {
        out.write(bytes("*" + command.length + "\r\n"));
        for (byte[] word : command) {
            out.write(bytes("$" + word.length + "\r\n"));
            out.write(word);
            out.write(bytes("\r\n"));
        }
        out.flush();
    }

    private Reply read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> new Reply.Simple(rest);
            case '-' -> new Reply.Failure(rest);
            case ':' -> new Reply.Number(Long.parseLong(rest));
            case '$' -> rest.equals("-1") ? Reply.NULL : new Reply.Bulk(bulk(Integer.parseInt(rest)));
            case '*' -> {
                List<Reply> items = new ArrayList<>();
                for (int i = 0; i < Integer.parseInt(rest); i++) {
                    items.add(read());
                }
                yield new Reply.Array(items);
            }
            default -> throw new IOException("not the protocol: " + line);
        };
    }

    private byte[] bulk(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        in.readNBytes(2);
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed");
            }
            line.append((char) c);
        }
        in.read();
        return line.toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it is gone either way
        }
        socket = null;
    }
}
