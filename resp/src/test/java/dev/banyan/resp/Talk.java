package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyReader;
import dev.banyan.resp.wire.ReplyScanner;
import dev.banyan.resp.wire.ReplyWriter;
import dev.banyan.topology.HostPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A client that says what it is told to and hears what comes, over a plain socket. */
final class Talk implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final ReplyScanner scanner = new ReplyScanner(64);
    private final ByteBuf in = Unpooled.buffer();
    private final byte[] piece = new byte[1 << 16];

    private Talk(Socket socket) {
        this.socket = socket;
    }

    static Talk to(HostPort at) {
        try {
            Socket socket = new Socket(at.host(), at.port());
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            return new Talk(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says a command, words apart by blanks, and gives its answer, written as redis-cli would in one line. */
    String ask(String command) {
        say(command);
        return hear();
    }

    void say(String... commands) {
        ByteBuf out = Unpooled.buffer();
        for (String command : commands) {
            write(out, Stream.of(command.split(" ")).map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
        }
        send(out);
    }

    void say(byte[]... command) {
        ByteBuf out = Unpooled.buffer();
        write(out, command);
        send(out);
    }

    private static void write(ByteBuf out, byte[][] command) {
        ReplyWriter.command(out, command);
    }

    void sayBytes(String bytes) {
        send(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    private void send(ByteBuf out) {
        try {
            socket.getOutputStream().write(out.array(), out.readerIndex(), out.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String hear() {
        return text(reply());
    }

    /** The next answer or push. */
    Reply reply() {
        try {
            while (!in.isReadable() || !scanner.scan(in)) {
                more();
            }
            Reply reply = ReplyReader.read(in.readSlice(scanner.length()));
            in.discardReadBytes();
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever comes next, as it is. */
    String some() {
        try {
            more();
            String text = in.toString(StandardCharsets.ISO_8859_1);
            in.clear();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void more() throws IOException {
        int read = socket.getInputStream().read(piece);
        if (read < 0) {
            throw new EOFException("the connection was closed");
        }
        in.writeBytes(piece, 0, read);
    }

    /** Whether nothing more comes: the other side has closed. What comes before is dropped. */
    boolean isClosed() {
        try {
            while (true) {
                in.clear();
                more();
            }
        } catch (EOFException _) {
            return true;
        } catch (IOException e) {
            return e.getMessage() != null && e.getMessage().contains("reset");
        }
    }

    /** Takes what has come, and drops it. Does nothing once it has left. */
    synchronized void takeSome() {
        try {
            if (!socket.isClosed() && socket.getInputStream().available() > 0) {
                socket.getInputStream().read(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves at once: what was not taken is dropped, and the other side is told so (RST). */
    synchronized void reset() {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Reply reply) {
        return switch (reply) {
            case Reply.Simple(String text) -> text;
            case Reply.Failure(String text) -> "-" + text;
            case Reply.Number(long value) -> String.valueOf(value);
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Null() -> "(nil)";
            case Reply.Array(List<Reply> items) -> list("[", items, "]");
            case Reply.Pairs(List<Reply> items) -> list("{", items, "}");
            case Reply.Members(List<Reply> items) -> list("(", items, ")");
            case Reply.Push(List<Reply> items) -> list(">[", items, "]");
            case Reply.Real(String text) -> text;
            case Reply.Truth(boolean value) -> String.valueOf(value);
            case Reply.BigNumber(String text) -> text;
            case Reply.Verbatim(_, byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
        };
    }

    private static String list(String open, List<Reply> items, String close) {
        return open + String.join(" ", items.stream().map(Talk::text).toList()) + close;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
