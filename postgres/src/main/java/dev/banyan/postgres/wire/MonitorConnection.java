package dev.banyan.postgres.wire;

import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A connection of Banyan's own to a server, for short questions with short answers, one after the other. Whatever is odd closes it, and all
 * that wait are told. Its state is owned by the channel's loop; it may be asked and closed from any thread.
 */
public final class MonitorConnection {
    /** Questions that may wait. */
    public static final int MOST_WAITING = 64;
    /** Bytes of one answer, headers included. */
    public static final int MOST_BYTES = 64 * 1024;

    private static final int TYPE_AND_LENGTH = 5;

    private final Channel channel;
    private final Member member;
    private final Duration limit;
    private final Queue<Question> questions = new ArrayDeque<>();
    private Future<?> timer;

    private MonitorConnection(Channel channel, Member member, Duration limit) {
        this.channel = channel;
        this.member = member;
        this.limit = limit;
    }

    /** What the server said; one of the two is called, once, on the connection's loop. */
    public interface Answer {
        /** All rows of all statements asked; NULL is the empty text, as is the empty text. */
        void rows(List<List<String>> rows);

        /** The server's error, or why there is no answer; after the latter the connection is closed. */
        void failed(PostgresError why);
    }

    /** One of the two is called, once, on the connection's loop. */
    public interface Ready {
        void ready(MonitorConnection connection);

        /** As {@link Opened#failed}. */
        void failed(PostgresError why, boolean reachable);
    }

    /**
     * Opens one.
     *
     * @param parameters for the start-up packet besides {@code client_encoding}, which is UTF8
     * @param limit how long each answer may take
     */
    public static void open(ServerOpening opening, EventLoop loop, Member member, Login login, Map<String, String> parameters, Duration limit, Ready ready) {
        Map<String, String> all = new HashMap<>(parameters);
        all.put("client_encoding", "UTF8");
        opening.open(loop, member, login, all, new Opened() {
            @Override
            public void opened(Channel channel, ServerWelcome welcome) {
                ready.ready(over(channel, member, limit));
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                ready.failed(why, reachable);
            }
        });
    }

    /** Over a channel as {@link Opened#opened} hands it out, whose client_encoding is UTF8; to be called on its loop. */
    public static MonitorConnection over(Channel channel, Member member, Duration limit) {
        MonitorConnection connection = new MonitorConnection(channel, member, limit);
        channel.pipeline().addLast(connection.new Reader());
        channel.config().setAutoRead(true);
        return connection;
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /** Runs when it has closed, on its loop; at once if it is closed already. */
    public void whenClosed(Runnable task) {
        channel.closeFuture().addListener(_ -> task.run());
    }

    /** Questions that wait are told that it is closed. */
    public void close() {
        channel.close();
    }

    /** Asks by the simple protocol. */
    public void ask(String sql, Answer answer) {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> ask(sql, answer));
            return;
        }
        if (!channel.isActive()) {
            answer.failed(Refusal.MONITOR_CLOSED.error(member));
        } else if (questions.size() > MOST_WAITING) {
            answer.failed(Refusal.MONITOR_BUSY.error(MOST_WAITING, member));
        } else {
            questions.add(new Question(sql, answer));
            if (questions.size() == 1) {
                send();
            }
        }
    }

    private void send() {
        byte[] sql = questions.element().sql.getBytes(StandardCharsets.UTF_8);
        int length = Integer.BYTES + sql.length + 1;
        channel.writeAndFlush(channel.alloc().buffer(1 + length).writeByte('Q').writeInt(length).writeBytes(sql).writeByte(0));
        timer = channel.eventLoop().schedule(() -> abandon(Refusal.MONITOR_TOO_SLOW.error(member, limit.toMillis())), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void answered() {
        timer.cancel(false);
        Question done = questions.remove();
        if (!questions.isEmpty()) {
            send();
        }
        if (done.error == null) {
            done.answer.rows(List.copyOf(done.rows));
        } else {
            done.answer.failed(done.error);
        }
    }

    /** Nothing more comes of it. */
    private void abandon(PostgresError why) {
        if (timer != null) {
            timer.cancel(false);
        }
        List<Question> left = List.copyOf(questions);
        questions.clear();
        channel.close();
        for (Question question : left) {
            question.answer.failed(question.error == null ? why : question.error);
        }
    }

    private static final class Question {
        final String sql;
        final Answer answer;
        final List<List<String>> rows = new ArrayList<>();
        PostgresError error;
        int bytes;

        Question(String sql, Answer answer) {
            this.sql = sql;
            this.answer = answer;
        }
    }

    /** Reads messages. */
    private final class Reader extends ChannelInboundHandlerAdapter {
        private ByteBuf pending;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (!ctx.channel().isActive()) {
                bytes.release();
                return;
            }
            pending = pending == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, bytes);
            try {
                while (pending != null && pending.readableBytes() >= TYPE_AND_LENGTH && ctx.channel().isActive() && message()) { }
            } catch (Refused e) {
                abandon(e.why());
            }
            if (pending != null && !pending.isReadable()) {
                pending.release();
                pending = null;
            }
        }

        private boolean message() throws Refused {
            byte type = pending.getByte(pending.readerIndex());
            int length = pending.getInt(pending.readerIndex() + 1);
            if (length < Integer.BYTES || length > MOST_BYTES) {
                throw tooLong();
            }
            if (pending.readableBytes() < 1 + length) {
                return false;
            }
            take(type, pending.readSlice(1 + length).skipBytes(TYPE_AND_LENGTH));
            return true;
        }

        private void take(byte type, ByteBuf body) throws Refused {
            Question question = questions.peek();
            if (question == null) {
                unasked(type, body);
                return;
            }
            question.bytes += TYPE_AND_LENGTH + body.readableBytes();
            if (question.bytes > MOST_BYTES) {
                throw tooLong();
            }
            switch (type) {
                case 'D' -> question.rows.add(row(body));
                case 'E' -> question.error = ServerError.read(body);
                case 'Z' -> answered();
                case 'T', 'C', 'I', 'N', 'S', 'A' -> { }
                default -> throw broken("message type " + (type & 0xff) + " in the answer to a question");
            }
        }

        /** Servers may report and complain at any time. */
        private void unasked(byte type, ByteBuf body) throws Refused {
            switch (type) {
                case 'N', 'S', 'A' -> { }
                case 'E' -> throw new Refused(ServerError.read(body));
                default -> throw broken("message type " + (type & 0xff) + " without a question");
            }
        }

        private List<String> row(ByteBuf body) throws Refused {
            List<String> row = new ArrayList<>();
            try {
                for (int columns = body.readUnsignedShort(); columns > 0; columns--) {
                    int length = body.readInt();
                    row.add(length == -1 ? "" : body.readCharSequence(length, StandardCharsets.UTF_8).toString());
                }
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw broken("a row that says other lengths than it has");
            }
            return List.copyOf(row);
        }

        private Refused tooLong() {
            return new Refused(Refusal.MONITOR_TOO_LONG.error(member, MOST_BYTES));
        }

        private Refused broken(String what) {
            return new Refused(Refusal.SERVER_BROKE_PROTOCOL.error(member, what));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            abandon(Refusal.MONITOR_CLOSED.error(member));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            abandon(Refusal.UNREACHABLE.error(member, cause.getMessage()));
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            if (pending != null) {
                pending.release();
                pending = null;
            }
        }
    }
}
