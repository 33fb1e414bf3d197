package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A client of the virtual database {@code banyan}: answers SHOW by simple and extended queries, one message after the other. Owned by one IO
 * loop; what a topic's rows come from may take a moment, and meanwhile nothing more is read.
 */
final class AdminSession extends ChannelInboundHandlerAdapter {
    static final String DATABASE = "banyan";

    private static final int HEADER = 5;
    private static final int MOST_MESSAGE = 64 << 10;
    private static final int MOST_NAMES = 256;

    private final Channel channel;
    private final AdminDesk desk;
    private final Map<String, AdminQuestion> statements = new HashMap<>();
    private final Map<String, AdminQuestion> portals = new HashMap<>();
    private ByteBuf in;
    private boolean gathering;
    private boolean skipping;
    private boolean closed;

    AdminSession(Channel channel, AdminDesk desk) {
        this.channel = channel;
        this.desk = desk;
    }

    /** What a server reports of itself, for drivers that go by it. */
    static Map<String, String> parameters(String serverVersion, Login login) {
        return Map.of("server_version", serverVersion, "server_encoding", "UTF8", "client_encoding", "UTF8", "DateStyle", "ISO, MDY", "TimeZone", "UTC",
                "integer_datetimes", "on", "standard_conforming_strings", "on", "session_authorization", login.user(), "application_name",
                login.settings().getOrDefault("application_name", ""));
    }

    /**
     * Lets the client in.
     *
     * @param rest what it has sent already
     */
    void begin(Map<String, String> parameters, int processId, byte[] secret, ByteBuf rest) {
        ByteBuf out = channel.alloc().buffer();
        parameters.forEach((name, value) -> AdminWriter.parameter(out, name, value));
        AdminWriter.key(out, processId, secret);
        AdminWriter.ready(out);
        channel.writeAndFlush(out);
        in = rest;
        run();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf more = (ByteBuf) read;
        if (closed) {
            more.release();
            return;
        }
        if (in.isReadable()) {
            ByteBuf both = channel.alloc().buffer(in.readableBytes() + more.readableBytes()).writeBytes(in).writeBytes(more);
            more.release();
            in.release();
            in = both;
        } else {
            in.release();
            in = more;
        }
        run();
    }

    private void run() {
        while (!closed && !gathering && step()) {
            // One message after the other.
        }
        if (!closed) {
            channel.config().setAutoRead(!gathering);
        }
    }

    private boolean step() {
        if (in.readableBytes() < HEADER) {
            return false;
        }
        int at = in.readerIndex();
        char type = (char) in.getUnsignedByte(at);
        int length = in.getInt(at + 1);
        if (length < 4 || length > MOST_MESSAGE) {
            fail(PostgresError.fatal("08P01", "invalid message: one of type '" + type + "' says that it is " + length + " bytes long"));
            return false;
        }
        if (in.readableBytes() <= length) {
            return false;
        }
        ByteBuf body = in.slice(at + HEADER, length - 4);
        in.skipBytes(length + 1);
        if (!skipping || type == 'S' || type == 'X') {
            answer(type, body);
        }
        return true;
    }

    private void answer(char type, ByteBuf body) {
        switch (type) {
            case 'Q' -> query(AdminQuestion.of(text(body)));
            case 'P' -> parse(text(body), text(body));
            case 'B' -> bind(text(body), text(body));
            case 'D' -> describe(kind(body), text(body));
            case 'E' -> execute(portals.get(text(body)));
            case 'C' -> close(kind(body), text(body));
            case 'S' -> {
                skipping = false;
                portals.clear();
                send(out -> AdminWriter.ready(out));
            }
            case 'H' -> channel.flush();
            case 'X' -> close();
            default -> fail(PostgresError.fatal("08P01", "invalid message: there is none of type '" + type + "' here"));
        }
    }

    private void query(AdminQuestion question) {
        switch (question) {
            case AdminQuestion.Show(AdminTopic topic) -> gather(topic, rows -> send(out -> {
                AdminWriter.columns(out, topic.columns());
                write(out, rows);
                AdminWriter.ready(out);
            }));
            case AdminQuestion.Ignored(String tag) -> send(out -> {
                AdminWriter.complete(out, tag);
                AdminWriter.ready(out);
            });
            case AdminQuestion.Empty() -> send(out -> {
                AdminWriter.bare(out, 'I');
                AdminWriter.ready(out);
            });
            case AdminQuestion.Unknown(PostgresError why) -> send(out -> {
                AdminWriter.error(out, why);
                AdminWriter.ready(out);
            });
        }
    }

    private void parse(String name, String text) {
        AdminQuestion question = AdminQuestion.of(text);
        if (question instanceof AdminQuestion.Unknown(PostgresError why)) {
            refuse(why);
        } else if (statements.size() >= MOST_NAMES && !statements.containsKey(name)) {
            refuse(PostgresError.error("54000", "as many statements are prepared here as may be: " + MOST_NAMES));
        } else {
            statements.put(name, question);
            send(out -> AdminWriter.bare(out, '1'));
        }
    }

    private void bind(String portal, String statement) {
        AdminQuestion question = statements.get(statement);
        if (question == null) {
            refuse(PostgresError.error("26000", "there is no prepared statement '" + statement + "'"));
        } else if (portals.size() >= MOST_NAMES) {
            refuse(PostgresError.error("54000", "as many portals are open here as may be: " + MOST_NAMES));
        } else {
            portals.put(portal, question);
            send(out -> AdminWriter.bare(out, '2'));
        }
    }

    private void describe(char what, String name) {
        AdminQuestion question = what == 'S' ? statements.get(name) : portals.get(name);
        if (question == null) {
            refuse(PostgresError.error(what == 'S' ? "26000" : "34000", "there is nothing prepared or bound as '" + name + "'"));
            return;
        }
        send(out -> {
            if (what == 'S') {
                AdminWriter.noParameters(out);
            }
            if (question instanceof AdminQuestion.Show(AdminTopic topic)) {
                AdminWriter.columns(out, topic.columns());
            } else {
                AdminWriter.bare(out, 'n');
            }
        });
    }

    private void execute(AdminQuestion question) {
        switch (question) {
            case null -> refuse(PostgresError.error("34000", "there is no such portal"));
            case AdminQuestion.Show(AdminTopic topic) -> gather(topic, rows -> send(out -> write(out, rows)));
            case AdminQuestion.Ignored(String tag) -> send(out -> AdminWriter.complete(out, tag));
            case AdminQuestion.Empty() -> send(out -> AdminWriter.bare(out, 'I'));
            case AdminQuestion.Unknown(PostgresError why) -> refuse(why);
        }
    }

    private void close(char what, String name) {
        (what == 'S' ? statements : portals).remove(name);
        send(out -> AdminWriter.bare(out, '3'));
    }

    private static void write(ByteBuf out, List<List<String>> rows) {
        rows.forEach(row -> AdminWriter.row(out, row));
        AdminWriter.complete(out, "SHOW");
    }

    private void gather(AdminTopic topic, Consumer<List<List<String>>> then) {
        gathering = true;
        desk.rows(topic, rows -> channel.eventLoop().execute(() -> {
            gathering = false;
            if (!closed) {
                then.accept(rows);
                run();
            }
        }));
    }

    /** An error of the extended protocol: what follows is skipped up to Sync. */
    private void refuse(PostgresError why) {
        skipping = true;
        send(out -> AdminWriter.error(out, why));
    }

    private void fail(PostgresError why) {
        send(out -> AdminWriter.error(out, why));
        close();
    }

    private void close() {
        if (!closed) {
            closed = true;
            in.release();
            channel.close();
        }
    }

    private void send(Consumer<ByteBuf> writes) {
        ByteBuf out = channel.alloc().buffer();
        writes.accept(out);
        channel.writeAndFlush(out);
    }

    /** S of a statement, P of a portal. */
    private static char kind(ByteBuf body) {
        return body.isReadable() ? (char) body.readUnsignedByte() : 'P';
    }

    /** Reads up to a zero byte, or to the end. */
    private static String text(ByteBuf body) {
        int length = body.bytesBefore((byte) 0);
        String text = body.readCharSequence(length < 0 ? body.readableBytes() : length, StandardCharsets.UTF_8).toString();
        body.skipBytes(Math.min(1, body.readableBytes()));
        return text;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(PostgresError.fatal("08P01", "invalid message: " + cause.getMessage()));
    }
}
