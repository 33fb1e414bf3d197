package dev.banyan.http.gateway.limits;

import dev.banyan.net.Transport;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Counters in Redis or Valkey, over one connection of its own on one IO loop. Each charge is one script that runs whole, by Redis' own clock,
 * so that the doors' clocks need not agree; a key lives until its bucket is full again. Safe for any thread.
 */
public final class RedisCounters implements SharedCounters {
    private static final String CHARGE = """
            local now = redis.call('TIME')
            local at = now[1] * 1000000 + now[2]
            local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), at) + ARGV[1]
            redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', math.ceil((full - at) / 1000) + 1)
            return math.ceil(full - at)""";
    private static final String DOORS = """
            local now = redis.call('TIME')
            local at = now[1] * 1000 + math.floor(now[2] / 1000)
            redis.call('ZADD', KEYS[1], at, ARGV[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at - ARGV[2])
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return redis.call('ZCARD', KEYS[1])""";
    private static final String DOORS_KEY = "banyan:limit:doors";
    private static final long MICRO_NANOS = 1000;
    private static final int ANSWER_MILLIS = 500;
    private static final int RETRY_MILLIS = 500;
    private static final int SAY_HERE_MILLIS = 1000;
    private static final int DOOR_GONE_MILLIS = 5000;
    private static final int LONGEST_LINE = 4096;

    private final Transport transport;
    private final HostPort at;
    private final Optional<Login> login;
    private final String door;
    private final EventLoop loop;
    private volatile int doors = 1;
    private volatile boolean closed;

    // Owned by the loop.
    private final ArrayDeque<Consumer<String>> awaited = new ArrayDeque<>();
    private Channel channel;
    private String why = "not connected yet";
    private long turn;

    /** Who asks Redis. @param user none for the default user */
    public record Login(Optional<String> user, Secret password) {}

    private RedisCounters(Transport transport, HostPort at, Optional<Login> login, String door) {
        this.transport = transport;
        this.at = at;
        this.login = login;
        this.door = door;
        this.loop = transport.loops().next();
    }

    /**
     * Connects in the background, again and again where that fails.
     *
     * @param door a name that no other front door has
     */
    public static RedisCounters open(Transport transport, HostPort at, Optional<Login> login, String door) {
        RedisCounters counters = new RedisCounters(transport, at, login, door);
        counters.loop.execute(counters::connect);
        return counters;
    }

    @Override
    public int doors() {
        return doors;
    }

    @Override
    public void charge(List<Charge> charges, Consumer<Answer> answer) {
        loop.execute(() -> send(charges, answer));
    }

    private void send(List<Charge> charges, Consumer<Answer> answer) {
        if (channel == null) {
            answer.accept(new Answer.Away(why));
            return;
        }
        Batch batch = new Batch(charges.size(), answer);
        ByteBuf out = channel.alloc().buffer();
        for (Charge charge : charges) {
            String micros = String.format(Locale.ROOT, "%.3f", charge.tokens() * (double) charge.rate().intervalNanos() / MICRO_NANOS);
            command(out, "EVAL", CHARGE, "1", charge.key(), micros);
            awaited.add(batch::answered);
        }
        channel.writeAndFlush(out);
        watch();
    }

    private void connect() {
        if (closed) {
            return;
        }
        ChannelFuture connecting = new Bootstrap().group(loop).channelFactory(transport.connection()).resolver(transport.resolver())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, ANSWER_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_LINE), new Lines());
                    }
                })
                .connect(transport.address().apply(at));
        connecting.addListener(_ -> {
            if (connecting.isSuccess()) {
                greet(connecting.channel());
            } else {
                gone("no connection to " + at);
            }
        });
    }

    private void greet(Channel opened) {
        opened.closeFuture().addListener(_ -> gone(channel == null ? why : "the connection to " + at + " ended"));
        channel = opened;
        login.ifPresent(who -> {
            List<String> words = new ArrayList<>(List.of("AUTH"));
            who.user().ifPresent(words::add);
            words.add(who.password().reveal());
            ask(words.toArray(String[]::new), reply -> {
                if (reply.startsWith("-")) {
                    fail(at + " refuses the login: " + reply.substring(1));
                }
            });
        });
        sayHere(opened);
    }

    /** Tells Redis that this door is there, and hears how many are. */
    private void sayHere(Channel on) {
        if (channel != on || closed) {
            return;
        }
        ask(new String[] {"EVAL", DOORS, "1", DOORS_KEY, door, Integer.toString(DOOR_GONE_MILLIS)}, reply -> {
            if (reply.startsWith(":")) {
                doors = Math.max(1, Integer.parseInt(reply.substring(1)));
            }
        });
        loop.schedule(() -> sayHere(on), SAY_HERE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void ask(String[] words, Consumer<String> reply) {
        ByteBuf out = channel.alloc().buffer();
        command(out, words);
        awaited.add(reply);
        channel.writeAndFlush(out);
        watch();
    }

    /** What is awaited now must be here in time: answers come in order, so their count tells. */
    private void watch() {
        Channel asked = channel;
        long due = turn + awaited.size();
        loop.schedule(() -> {
            if (channel == asked && turn < due) {
                fail("no answer from " + at + " in " + ANSWER_MILLIS + " ms");
            }
        }, ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void fail(String reason) {
        Channel failed = channel;
        why = reason;
        channel = null;
        if (failed != null) {
            failed.close();
        }
    }

    private void gone(String reason) {
        why = reason;
        channel = null;
        List<Consumer<String>> unanswered = List.copyOf(awaited);
        awaited.clear();
        unanswered.forEach(one -> one.accept("-" + reason));
        if (!closed) {
            loop.schedule(this::connect, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static void command(ByteBuf out, String... words) {
        out.writeCharSequence("*" + words.length + "\r\n", StandardCharsets.US_ASCII);
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.writeCharSequence("$" + bytes.length + "\r\n", StandardCharsets.US_ASCII);
            out.writeBytes(bytes).writeCharSequence("\r\n", StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void close() {
        closed = true;
        loop.execute(() -> fail("closed"));
    }

    /** Answers of one line each, in the order of the questions; nothing here is asked that is answered by more. */
    private final class Lines extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
            Consumer<String> next = awaited.poll();
            if (next == null) {
                ctx.close(); // it speaks unasked: not Redis
                return;
            }
            turn++;
            next.accept(line.toString(StandardCharsets.US_ASCII));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** The charges that were sent together. Owned by the loop. */
    private static final class Batch {
        private final List<Long> debts = new ArrayList<>();
        private final Consumer<Answer> answer;
        private final int size;
        private boolean told;

        Batch(int size, Consumer<Answer> answer) {
            this.size = size;
            this.answer = answer;
        }

        void answered(String reply) {
            if (told) {
                return;
            }
            if (!reply.startsWith(":")) {
                told = true;
                answer.accept(new Answer.Away(reply.substring(1)));
                return;
            }
            debts.add(Long.parseLong(reply.substring(1)) * MICRO_NANOS);
            if (debts.size() == size) {
                told = true;
                answer.accept(new Answer.Debts(debts));
            }
        }
    }
}
