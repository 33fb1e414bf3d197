package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.topology.HostPort;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real loops, real sockets: connections that change their loop all the time lose nothing, and limits hold. */
class PoolStressTest {
    private static final int EACH = 150;

    private final List<Line> lines = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final AtomicInteger moves = new AtomicInteger();
    private final AtomicReference<String> wrong = new AtomicReference<>();

    @ParameterizedTest
    @CsvSource({"EPOLL, false, true, 1", "EPOLL, true, false, 1", "EPOLL, true, true, 3", "NIO, false, false, 1", "NIO, true, true, 1", "NIO, false, true, 3", "IO_URING, false, true, 1"})
    void connectionsThatChangeTheirLoopLoseNothing_andLimitsHold(IoKind kind, boolean tls, boolean autoRead, int size) throws Exception {
        assumeTrue(kind.available());
        int clients = 6 * size;
        try (Loops loops = Loops.open(kind, 2);
                Loops servers = Loops.open(kind, 1);
                EchoServer server = new EchoServer(servers, tls)) {
            var member = new MemberPlaces<Line>(new Member("db-1", new HostPort("127.0.0.1", 5432)), PoolBench.settings().size(size).opening(2).made(), Loops.random(7));
            Places<Line> places = member.of(new PoolKey("ann", "photos"));
            CountDownLatch done = new CountDownLatch(clients);
            List<ServerPool<Line>> pools = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                EventLoop loop = loops.transport().loops().next();
                pools.add(new ServerPool<>(places, loop, (on, opened, failed) -> open(server, loops, autoRead, on, opened, failed), Clock.system()));
            }
            assertThat(pools.get(0).loop()).isNotSameAs(pools.get(1).loop());
            for (int i = 0; i < clients; i++) {
                ServerPool<Line> pool = pools.get(i % 2);
                Client client = new Client(pool, Loops.random(i), done);
                pool.loop().execute(client::next);
            }

            assertThat(done.await(60, TimeUnit.SECONDS)).as("everyone was served: %s, %s", member.figures(), wrong).isTrue();
            assertThat(wrong).hasNullValue();
            assertThat(mostOpen.get()).isLessThanOrEqualTo(size);
            if (kind == IoKind.IO_URING) {
                assertThat(moves.get()).as("what a ring is still reading is lost with it").isZero();
            } else if (size == 1) {
                assertThat(moves.get()).as("connections that came from the other loop").isGreaterThan(20);
            }
            lines.forEach(Line::close);
        }
    }

    private void open(EchoServer server, Loops loops, boolean autoRead, EventLoop loop, Consumer<Line> opened, Consumer<PostgresError> failed) {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        server.connect(loops, loop, autoRead, new Line(opened));
    }

    private void mustBe(boolean true_, String what) {
        if (!true_) {
            wrong.compareAndSet(null, what);
        }
    }

    /** A connection whose server sends back what it gets. */
    private final class Line extends ChannelInboundHandlerAdapter implements ServerPool.Connection {
        private final Consumer<Line> opened;
        private Channel channel;
        private ServerPool<Line> pool;
        private Client client;
        private boolean dirty;

        Line(Consumer<Line> opened) {
            this.opened = opened;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channel = ctx.channel();
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            if (ctx.pipeline().get(SslHandler.class) == null) {
                begin();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent) {
                begin();
            }
        }

        private void begin() {
            synchronized (lines) {
                lines.add(this);
            }
            channel.read();
            opened.accept(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            int token = bytes.readInt();
            mustBe(!bytes.isReadable(), "more than was sent came back");
            bytes.release();
            mustBe(channel.eventLoop().inEventLoop(), "read on a loop that is not its own");
            if (!channel.config().isAutoRead()) {
                channel.read();
            }
            Client answered = client;
            client = null;
            mustBe(answered != null, "an answer nobody waits for");
            answered.answered(this, token);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (pool != null) {
                pool.gone(this, 0);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            wrong.compareAndSet(null, cause.toString());
        }

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public boolean reusable() {
            return !dirty && channel.isActive();
        }

        @Override
        public void close() {
            channel.close();
        }

        @Override
        public Object settings() {
            return "";
        }

        @Override
        public long openedNanos() {
            return Clock.system().nanos();
        }

        @Override
        @SuppressWarnings("unchecked") // all pools here hold these
        public void movedTo(ServerPool<?> to) {
            moves.incrementAndGet();
            mustBe(to.loop() == channel.eventLoop() && to.loop().inEventLoop(), "moved elsewhere");
            pool = (ServerPool<Line>) to;
        }
    }

    /** Sends a number and awaits it back, again and again; now and then breaks its connection or loses patience. */
    private final class Client implements ServerPool.Lessee<Line> {
        private final ServerPool<Line> pool;
        private final RandomGenerator random;
        private final CountDownLatch done;
        private int round;
        private Line held;

        Client(ServerPool<Line> pool, RandomGenerator random, CountDownLatch done) {
            this.pool = pool;
            this.random = random;
            this.done = done;
        }

        void next() {
            if (round++ == EACH) {
                done.countDown();
                return;
            }
            pool.lease(this, Clock.system().nanos());
            if (held == null && random.nextInt(20) == 0) {
                pool.leave(this);
                pool.loop().execute(this::next);
            }
        }

        @Override
        public void granted(Line line) {
            held = line;
            line.pool = pool;
            line.client = this;
            mustBe(line.channel.eventLoop() == pool.loop(), "granted a connection of another loop");
            ByteBuf token = line.channel.alloc().buffer(4).writeInt(round);
            line.channel.writeAndFlush(token, line.channel.voidPromise());
        }

        void answered(Line line, int token) {
            mustBe(held == line, "another one's connection");
            mustBe(token == round, "another one's answer");
            held = null;
            line.dirty = random.nextInt(100) == 0;
            pool.giveBack(line, Clock.system().nanos());
            if (random.nextInt(4) == 0) {
                pool.loop().schedule(this::next, random.nextInt(3_000), TimeUnit.MICROSECONDS);
            } else {
                pool.loop().execute(this::next);
            }
        }

        @Override
        public void refused(PostgresError why) {
            wrong.compareAndSet(null, why.message());
        }

        @Override
        public void moved(PostgresError why) {
            wrong.compareAndSet(null, why.message());
        }

        @Override
        public Object settings() {
            return "";
        }
    }
}
