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
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandoverTest {
    private static final int MOVES = 200;

    @ParameterizedTest
    @CsvSource({"EPOLL, false, true", "EPOLL, false, false", "EPOLL, true, true", "EPOLL, true, false", "NIO, false, true", "NIO, false, false", "NIO, true, true", "NIO, true, false"})
    void whatTheServerSendsWhileTheConnectionMovesIsReadAtTheOtherLoop(IoKind kind, boolean tls, boolean autoRead) throws Exception {
        assumeTrue(kind.available());
        try (Loops loops = Loops.open(kind, 2);
                Loops servers = Loops.open(kind, 1);
                EchoServer server = new EchoServer(servers, tls)) {
            var member = new MemberPlaces<Line>(new Member("db-1", new HostPort("127.0.0.1", 5432)), PoolBench.settings().size(1).made(), Loops.random(1));
            Places<Line> places = member.of(new PoolKey("ann", "photos"));
            ServerPool.Opener<Line> opener = (loop, opened, _) -> server.connect(loops, loop, autoRead, new Line(opened));
            var here = new ServerPool<>(places, loops.transport().loops().next(), opener, Clock.system());
            var there = new ServerPool<>(places, loops.transport().loops().next(), opener, Clock.system());

            CompletableFuture<Integer> done = new CompletableFuture<>();
            here.loop().execute(() -> here.lease(new Hop(here, there, 0, done), Clock.system().nanos()));

            assertThat(done.get(60, TimeUnit.SECONDS)).isEqualTo(MOVES);
        }
    }

    /** Reads what the one before has asked for on the other loop, asks anew, and gives back before the answer comes. */
    private record Hop(ServerPool<Line> pool, ServerPool<Line> other, int number, CompletableFuture<Integer> done) implements ServerPool.Lessee<Line> {
        @Override
        public void granted(Line line) {
            if (number == 0) {
                onwards(line);
            } else {
                line.expect(number, () -> onwards(line), done);
            }
        }

        private void onwards(Line line) {
            if (number == MOVES) {
                done.complete(number);
                line.close();
                return;
            }
            other.loop().execute(() -> {
                other.lease(new Hop(other, pool, number + 1, done), Clock.system().nanos());
                pool.loop().execute(() -> {
                    line.channel.writeAndFlush(line.channel.alloc().buffer(4).writeInt(number + 1));
                    pool.giveBack(line, Clock.system().nanos());
                });
            });
        }

        @Override
        public void refused(PostgresError why) {
            done.completeExceptionally(new AssertionError(why.message()));
        }

        @Override
        public void moved(PostgresError why) {
            refused(why);
        }

        @Override
        public Object settings() {
            return "";
        }
    }

    private static final class Line extends ChannelInboundHandlerAdapter implements ServerPool.Connection {
        private final Consumer<Line> opened;
        private Channel channel;
        private int expected;
        private Runnable then;
        private CompletableFuture<Integer> done;

        Line(Consumer<Line> opened) {
            this.opened = opened;
        }

        void expect(int number, Runnable whenRead, CompletableFuture<Integer> failing) {
            expected = number;
            then = whenRead;
            done = failing;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channel = ctx.channel();
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
            channel.read();
            opened.accept(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            int number = bytes.readInt();
            bytes.release();
            channel.read();
            if (number != expected || !channel.eventLoop().inEventLoop()) {
                done.completeExceptionally(new AssertionError("read " + number + " instead of " + expected + ", or on another loop"));
            }
            then.run();
        }

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public boolean reusable() {
            return channel.isActive();
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
        public void movedTo(ServerPool<?> pool) {}
    }
}
