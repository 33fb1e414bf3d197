package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One connection at a {@link FakePostgres}: reads messages one after the other, as PostgreSQL's main loop does. */
final class FakeBackend extends ChannelInboundHandlerAdapter {
    private static final int CANCEL = 1234 << 16 | 5678;

    private final FakePostgres server;
    private final Channel channel;
    private final int process;
    private final FakeSql sql;
    private final ByteBuf in = Unpooled.buffer();
    private final FakeReply out = new FakeReply();
    private final ArrayDeque<ByteBuf> leaving = new ArrayDeque<>();
    private final Map<String, String> prepared = new HashMap<>();
    private final Map<String, String> parameters = new HashMap<>();
    private String portal;
    private String parameter = "";
    private boolean started;
    private boolean monitor;
    private boolean skipping;
    private boolean copying;
    private boolean copyInBatch;
    private boolean asleep;
    private boolean sleepsInBatch;
    private boolean dead;

    FakeBackend(FakePostgres server, Channel channel, int process) {
        this.server = server;
        this.channel = channel;
        this.process = process;
        this.sql = new FakeSql(server, this);
        server.backends.add(this);
    }

    int process() {
        return process;
    }

    boolean monitor() {
        return monitor || !started;
    }

    Map<String, String> prepared() {
        return prepared;
    }

    FakeSql sql() {
        return sql;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        in.writeBytes((ByteBuf) message);
        ((ByteBuf) message).release();
        server.world.execute(this::work);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        dead = true;
        server.backends.remove(this);
        leaving.forEach(ByteBuf::release);
        leaving.clear();
    }

    private void work() {
        if (server.silent) {
            return;
        }
        while (!dead && !asleep && message()) {
            // One after the other.
        }
    }

    private boolean message() {
        int head = started ? 1 : 0;
        if (in.readableBytes() >= head + 4 && in.getInt(in.readerIndex() + head) < 4) {
            channel.close();
            return false;
        }
        if (in.readableBytes() < head + 4 || in.readableBytes() < head + in.getInt(in.readerIndex() + head)) {
            return false;
        }
        byte type = started ? in.readByte() : 0;
        ByteBuf body = in.readSlice(in.readInt() - 4);
        if (!started) {
            start(body);
        } else {
            take((char) type, body);
        }
        return true;
    }

    private void start(ByteBuf body) {
        int version = body.readInt();
        if (version == CANCEL) {
            int target = body.readInt();
            server.cancel(target);
            channel.close();
            return;
        }
        for (String name = text(body); !name.isEmpty(); name = text(body)) {
            parameters.put(name, text(body));
        }
        monitor = "banyan".equals(parameters.get("application_name"));
        started = true;
        out.authenticated();
        out.parameter("server_version", "17.6");
        out.parameter("application_name", "");
        out.parameter("TimeZone", "UTC");
        out.key(process);
        out.ready('I');
        flush();
    }

    private void take(char type, ByteBuf body) {
        if (skipping && type != 'S') {
            return;
        }
        if (copying && type != 'd' && type != 'c' && type != 'f') {
            if (type != 'S' && type != 'H') {
                failed(new FakeSql.Failure("08P01", "unexpected message type 0x" + Integer.toHexString(type) + " during COPY from stdin"), copyInBatch);
            }
            return;
        }
        try {
            switch (type) {
                case 'Q' -> query(text(body));
                case 'P' -> parse(text(body), text(body));
                case 'B' -> bind(text(body), body);
                case 'D' -> describe((char) body.readByte(), text(body));
                case 'E' -> execute();
                case 'C' -> close((char) body.readByte(), text(body));
                case 'H' -> flush();
                case 'S' -> sync();
                case 'F' -> call();
                case 'd', 'c', 'f' -> copy(type, body);
                case 'X' -> channel.close();
                default -> throw new FakeSql.Failure("08P01", "invalid frontend message type " + (int) type);
            }
        } catch (IndexOutOfBoundsException e) {
            failed(new FakeSql.Failure("08P01", "insufficient data left in message"), type != 'Q' && type != 'F');
        } catch (FakeSql.Failure failure) {
            failed(failure, type != 'Q' && type != 'F' && (type != 'd' && type != 'f' || copyInBatch));
        }
    }

    private void heard(String what) {
        if (!monitor) {
            server.sent.add(what);
        }
    }

    private void query(String text) {
        heard("Q " + text);
        prepared.remove("");
        sql.simple(text, out);
        if (!copying && !asleep) {
            sql.endOfQuery(out);
            flush();
        }
    }

    private void parse(String name, String text) {
        heard("P " + name + " " + text);
        sql.check(text);
        if (!name.isEmpty() && prepared.containsKey(name)) {
            throw new FakeSql.Failure("42P05", "prepared statement \"" + name + "\" already exists");
        }
        prepared.put(name, text);
        out.empty('1');
    }

    private void bind(String name, ByteBuf body) {
        String statement = text(body);
        heard("B " + statement);
        if (!prepared.containsKey(statement)) {
            throw new FakeSql.Failure("26000", "prepared statement \"" + statement + "\" does not exist");
        }
        body.skipBytes(2 * body.readShort());
        int count = body.readShort();
        parameter = count == 0 ? "" : body.readCharSequence(body.readInt(), StandardCharsets.UTF_8).toString();
        portal = prepared.get(statement);
        if (portal.contains("refuse to bind")) {
            throw new FakeSql.Failure("22P02", "invalid input syntax");
        }
        out.empty('2');
    }

    private void describe(char kind, String name) {
        if (kind == 'S') {
            if (!prepared.containsKey(name)) {
                throw new FakeSql.Failure("26000", "prepared statement \"" + name + "\" does not exist");
            }
            out.empty('t', 0, 0);
        }
        if (kind != 'S' && portal == null) {
            throw new FakeSql.Failure("34000", "portal \"" + name + "\" does not exist");
        }
        if (sql.hasRows(kind == 'S' ? prepared.get(name) : portal)) {
            out.columns();
        } else {
            out.empty('n');
        }
    }

    private void execute() {
        heard("E");
        if (portal == null) {
            throw new FakeSql.Failure("34000", "portal \"\" does not exist");
        }
        sql.one(portal.replace("$1", "'" + parameter + "'"), out, true);
    }

    private void close(char kind, String name) {
        heard("C " + name);
        if (kind == 'S') {
            prepared.remove(name);
        }
        out.empty('3');
    }

    private void sync() {
        skipping = false;
        portal = null;
        sql.sync();
        out.ready(sql.status());
        flush();
    }

    private void call() {
        heard("F");
        out.empty('V', -1);
        out.ready(sql.status());
        flush();
    }

    void copyBegins(boolean inBatch) {
        copying = true;
        copyInBatch = inBatch;
        flush();
    }

    private void copy(char type, ByteBuf body) {
        if (!copying) {
            return; // left over of one that failed
        }
        if (type == 'd') {
            sql.copied(body.toString(StandardCharsets.UTF_8));
            return;
        }
        copying = false;
        if (type == 'f') {
            throw new FakeSql.Failure("57014", "COPY from stdin failed: " + text(body));
        }
        sql.copyDone(out);
        if (!copyInBatch) {
            sql.endOfQuery(out);
            flush();
        }
    }

    private void failed(FakeSql.Failure failure, boolean batch) {
        copying = false;
        sql.failed();
        out.error("ERROR", failure.state, failure.getMessage());
        if (batch) {
            skipping = true;
        } else {
            out.ready(sql.status());
        }
        flush();
    }

    /** Answers no more until it is woken or cancelled. */
    void sleep(boolean inBatch) {
        asleep = true;
        sleepsInBatch = inBatch;
        flush();
    }

    void wake() {
        asleep = false;
        out.row("awake");
        out.complete("SELECT 1");
        if (!sleepsInBatch) {
            sql.endOfQuery(out);
            flush();
        }
        work();
    }

    boolean isAsleep() {
        return asleep;
    }

    void cancel() {
        if (asleep) {
            asleep = false;
            failed(new FakeSql.Failure("57014", "canceling statement due to user request"), sleepsInBatch);
            work();
        }
    }

    void notified(String notification, String payload) {
        if (sql.listens(notification)) {
            out.notification(process, notification, payload);
            flush();
        }
    }

    /** Sends any bytes. */
    void say(byte... bytes) {
        out.bytes().writeBytes(bytes);
        flush();
    }

    /** Ends as PostgreSQL does when an administrator says so. */
    void terminate() {
        out.error("FATAL", "57P01", "terminating connection due to administrator command");
        flush();
        server.world.execute(channel::close);
    }

    void kill() {
        channel.close();
    }

    // ---- What leaves, in pieces ----

    private void flush() {
        ByteBuf all = out.take();
        while (all.isReadable()) {
            int bytes = server.pieces.next(all.readableBytes());
            byte[] piece = new byte[bytes];
            all.readBytes(piece);
            leaving.add(server.world.buffer(piece));
            server.world.execute(this::leave);
        }
    }

    private void leave() {
        ByteBuf piece = leaving.poll();
        if (piece == null) {
            return;
        }
        boolean counts = !monitor && server.bytesLeft != FakePostgres.NEVER;
        if (counts) {
            int may = (int) Math.min(piece.readableBytes(), server.bytesLeft);
            server.bytesLeft -= may;
            piece.writerIndex(piece.readerIndex() + may);
        }
        channel.writeAndFlush(piece);
        if (counts && server.bytesLeft == 0) {
            server.bytesLeft = FakePostgres.NEVER;
            channel.close();
        }
    }

    private static String text(ByteBuf body) {
        String text = body.readCharSequence(body.bytesBefore((byte) 0), StandardCharsets.UTF_8).toString();
        body.skipBytes(1);
        return text;
    }

    List<String> committed() {
        return server.committed();
    }
}
