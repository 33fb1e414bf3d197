package dev.banyan.resp;

import dev.banyan.net.Transport;
import dev.banyan.resp.wire.ProtocolFault;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyReader;
import dev.banyan.resp.wire.ReplyScanner;
import dev.banyan.resp.wire.ReplyWriter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A connection for questions of the router's own to a node or a Sentinel: how it is, which slots it has. Clients' commands go by
 * {@link NodeConnection}. It begins to connect at once; questions wait until it is let in. A question that is not answered in time ends it, for the
 * answers behind it would come to the wrong ones. Owned by its loop; {@link #ask}, {@link #subscribe} and {@link #close} are safe for any thread.
 */
final class Asking extends ChannelInboundHandlerAdapter implements AutoCloseable {
    /** A cluster of a thousand nodes tells its slots in 200 KB. */
    private static final int LONGEST_ANSWER = 16 << 20;
    private static final int DEPTH = 16;

    private final HostPort at;
    private final Way way;
    private final Consumer<List<Reply>> pushes;
    private final ReplyScanner scanner = new ReplyScanner(DEPTH);
    private final ArrayDeque<Question> asked = new ArrayDeque<>();
    private final List<Question> waiting = new ArrayList<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private Channel channel;
    private ByteBuf in;
    private boolean welcome;
    private int protocol = 3;

    /**
     * How to get there.
     *
     * @param loop the connection's, which also tells its answers
     * @param connect how long a TCP connection may take
     * @param answer how long an answer may take, and all of the greeting
     */
    record Way(Transport transport, EventLoop loop, NodeLogin login, Duration connect, Duration answer) {
        Way as(NodeLogin other) {
            return new Way(transport, loop, other, connect, answer);
        }

        /** A connection where pushes matter to nobody. */
        Asking open(HostPort at) {
            return open(at, _ -> {});
        }

        /** @param pushes hears what nobody asked for, on the loop: messages of subscriptions, {@code message CHANNEL TEXT} */
        Asking open(HostPort at, Consumer<List<Reply>> pushes) {
            Asking asking = new Asking(at, this, pushes);
            loop.execute(asking::connect);
            return asking;
        }
    }

    /** Its answer is awaited; {@code timer} is null until it was sent. */
    private static final class Question {
        private final byte[][] command;
        private final CompletableFuture<Reply> answer = new CompletableFuture<>();
        private Future<?> timer;

        Question(byte[][] command) {
            this.command = command;
        }
    }

    private Asking(HostPort at, Way way, Consumer<List<Reply>> pushes) {
        this.at = at;
        this.way = way;
        this.pushes = pushes;
    }

    HostPort at() {
        return at;
    }

    /** Completes on the loop when the connection is no more, with the reason. */
    CompletableFuture<String> ended() {
        return ended;
    }

    boolean isOpen() {
        return !ended.isDone();
    }

    /** Asks in words. */
    CompletableFuture<Reply> ask(String... words) {
        byte[][] command = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            command[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        return ask(command);
    }

    /**
     * Asks. The answer comes on the loop: a {@link Reply.Failure} when it is refused; exceptionally {@link NodeDown}, which says which address and why,
     * when the connection ends before.
     */
    CompletableFuture<Reply> ask(byte[]... command) {
        Question question = new Question(command);
        onLoop(() -> {
            if (ended.isDone()) {
                question.answer.completeExceptionally(new NodeDown(ended.join()));
            } else if (welcome) {
                send(question);
            } else {
                waiting.add(question);
            }
        });
        return question.answer;
    }

    /** From when it is let in on, messages of a channel come as pushes. Only version 3 of the protocol lets one ask on the same connection: with 2 none come. */
    void subscribe(String topic) {
        ask("PING").thenAccept(_ -> {
            if (protocol == 3 && isOpen()) {
                write("SUBSCRIBE".getBytes(StandardCharsets.US_ASCII), topic.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @Override
    public void close() {
        onLoop(() -> end("it is needed no more"));
    }

    private void onLoop(Runnable task) {
        if (way.loop.inEventLoop()) {
            task.run();
        } else {
            way.loop.execute(task);
        }
    }

    // ---- Getting in ----

    private void connect() {
        Bootstrap bootstrap = new Bootstrap()
                .group(way.loop)
                .channelFactory(way.transport.connection())
                .resolver(way.transport.resolver())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        way.login.tls().ifPresent(tls -> socket.pipeline().addLast(tls.newHandler(socket.alloc(), at.host(), at.port())));
                        socket.pipeline().addLast(Asking.this);
                    }
                });
        if (way.transport.sockets()) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) way.connect.toMillis());
        }
        bootstrap.connect(way.transport.address().apply(at)).addListener(done -> {
            if (!done.isSuccess()) {
                end(String.valueOf(done.cause().getMessage()));
            }
        });
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        if (ended.isDone()) {
            channel.close();
            return;
        }
        List<String> hello = new ArrayList<>(List.of("HELLO", "3"));
        way.login.password().ifPresent(password -> hello.addAll(List.of("AUTH", way.login.user().orElse("default"), password.reveal())));
        greet(hello).thenAccept(this::greeted);
    }

    private void greeted(Reply answer) {
        if (!(answer instanceof Reply.Failure(String text))) {
            welcomed();
        } else if (text.startsWith("ERR unknown command") || text.startsWith("NOPROTO")) {
            // Before version 6 there is no HELLO. That error repeats what was sent, password and all: it is not shown.
            protocol = 2;
            loginBefore6();
        } else {
            end("it does not let the router in: " + safe(text));
        }
    }

    private void loginBefore6() {
        if (way.login.password().isEmpty()) {
            welcomed();
            return;
        }
        List<String> auth = new ArrayList<>(List.of("AUTH"));
        way.login.user().ifPresent(auth::add);
        auth.add(way.login.password().get().reveal());
        greet(auth).thenAccept(answer -> {
            if (answer instanceof Reply.Failure(String text)) {
                end("it does not let the router in: " + safe(text));
            } else {
                welcomed();
            }
        });
    }

    private CompletableFuture<Reply> greet(List<String> words) {
        Question question = new Question(words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
        send(question);
        return question.answer;
    }

    private String safe(String text) {
        return way.login.password().map(Secret::reveal).filter(password -> text.contains(password)).isPresent() ? "(its error repeats the password)" : text;
    }

    private void welcomed() {
        welcome = true;
        List<Question> questions = List.copyOf(waiting);
        waiting.clear();
        questions.forEach(this::send);
    }

    // ---- Asking and being answered ----

    private void send(Question question) {
        asked.add(question);
        question.timer = way.loop.schedule(() -> end("it has not answered for " + way.answer.toMillis() + " ms"), way.answer.toNanos(), TimeUnit.NANOSECONDS);
        write(question.command);
    }

    private void write(byte[]... command) {
        ByteBuf out = channel.alloc().buffer();
        ReplyWriter.command(out, command);
        channel.writeAndFlush(out, channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (ended.isDone()) {
            more.release();
            return;
        }
        in = in == null ? context.alloc().buffer(more.readableBytes()) : in.discardSomeReadBytes();
        in.writeBytes(more);
        more.release();
        try {
            while (in != null && in.isReadable() && scanner.scan(in)) {
                deliver(scanner.push(), ReplyReader.read(in));
            }
        } catch (ProtocolFault fault) {
            end("it does not speak the Redis protocol: " + fault.getMessage());
        }
        if (in != null && scanner.length() > LONGEST_ANSWER) {
            end("an answer of more than " + LONGEST_ANSWER + " bytes");
        }
    }

    private void deliver(boolean push, Reply reply) {
        if (push && reply instanceof Reply.Push(List<Reply> items)) {
            pushes.accept(items);
            return;
        }
        Question question = asked.poll();
        if (question == null) {
            throw new ProtocolFault("an answer that nobody asked for");
        }
        question.timer.cancel(false);
        question.answer.complete(reply);
    }

    // ---- The end ----

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("it has closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(String.valueOf(cause.getMessage()));
    }

    private void end(String why) {
        String told = at + ": " + why;
        if (!ended.complete(told)) {
            return;
        }
        if (channel != null) {
            channel.close();
        }
        if (in != null) {
            in.release();
            in = null;
        }
        asked.forEach(question -> question.timer.cancel(false));
        waiting.addAll(0, asked);
        asked.clear();
        waiting.forEach(question -> question.answer.completeExceptionally(new NodeDown(told)));
        waiting.clear();
    }
}
