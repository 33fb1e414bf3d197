package dev.banyan.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class WiresTest {
    private static final WireFault.Latency LATE = new WireFault.Latency(Duration.ofMillis(200), Duration.ZERO);

    private final Wires wires = new Wires();

    @Test
    void withoutAFaultNoConnectionHasAHandler() {
        EmbeddedChannel channel = connection();
        assertThat(handlers(channel)).isEmpty();
        wires.towards("router", _ -> true, LATE, Loops.random(1));
        assertThat(handlers(channel)).as("another end's fault").isEmpty();
    }

    @Test
    void whatIsWrittenArrivesLater_inItsOrder_andWhatIsReceivedAtOnce() {
        EmbeddedChannel channel = connection();
        begin(LATE);
        channel.writeAndFlush(bytes("one"));
        channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
        channel.writeAndFlush(bytes("two"));
        channel.advanceTimeBy(99, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(sent(channel)).isEmpty();
        channel.writeInbound(bytes("answer"));
        assertThat(text(channel.readInbound())).isEqualTo("answer");
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(sent(channel)).containsExactly("one");
        channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(sent(channel)).containsExactly("two");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void jitterNeverChangesTheOrder_andNeverAddsMoreThanItSays(long seed) {
        EmbeddedChannel channel = connection();
        wires.towards("front-door", _ -> true, new WireFault.Latency(Duration.ofMillis(20), Duration.ofMillis(10)), Loops.random(seed));
        channel.runPendingTasks();
        List<String> arrived = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            channel.writeAndFlush(bytes(Integer.toString(i)));
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            arrived.addAll(sent(channel));
            assertThat(arrived).as("after %d ms", i + 1).hasSizeBetween(Math.max(0, i - 30), Math.max(0, i + 1 - 19));
        }
        channel.advanceTimeBy(30, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        arrived.addAll(sent(channel));
        assertThat(arrived).hasSize(100).isSortedAccordingTo(java.util.Comparator.comparingInt(Integer::parseInt));
    }

    @Test
    void aCloseComesBehindWhatWasWrittenBefore() {
        EmbeddedChannel channel = connection();
        begin(LATE);
        channel.writeAndFlush(bytes("last words"));
        ChannelFuture closed = channel.pipeline().close(); // the embedded channel's own close ends its clock
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(200, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(sent(channel)).containsExactly("last words");
        assertThat(closed.isSuccess()).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatIsHeldWhenTheOtherSideClosesIsGivenBack_andItsWritersHear() {
        EmbeddedChannel channel = connection();
        begin(LATE);
        ByteBuf held = bytes("never sent");
        ChannelFuture written = channel.writeAndFlush(held);
        channel.unsafe().close(channel.voidPromise());
        channel.runPendingTasks();
        assertThat(held.refCnt()).isZero();
        assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void memoryIsBounded_theWriterIsToldToWait_andWhoDoesNotPushesTheOldestOn() {
        EmbeddedChannel channel = connection();
        Wires.Begun late = begin(LATE);
        int writable = 0;
        for (int i = 0; i < 160; i++) {
            writable += channel.isWritable() ? 1 : 0;
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[64 << 10]));
        }
        assertThat(writable).isEqualTo(LateWire.HIGH / (64 << 10) + 1);
        int early = sent(channel).size();
        assertThat((160 - early) * (64 << 10)).isLessThanOrEqualTo(LateWire.MOST);
        assertThat(channel.isWritable()).isFalse();
        channel.advanceTimeBy(200, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isWritable()).isTrue();
        assertThat(early + sent(channel).size()).isEqualTo(160);
        late.close();
    }

    @Test
    void whenAFaultEndsWhatIsHeldGoesAtOnce_andNoHandlerIsLeft() {
        EmbeddedChannel channel = connection();
        Wires.Begun late = begin(LATE);
        assertThat(late.connections()).isEqualTo(1);
        channel.writeAndFlush(bytes("one"));
        channel.write(bytes("two"));
        late.close();
        channel.runPendingTasks();
        assertThat(handlers(channel)).isEmpty();
        assertThat(sent(channel)).containsExactly("one", "two");
        channel.writeAndFlush(bytes("three"));
        assertThat(sent(channel)).containsExactly("three");
        assertThat(late.connections()).isZero();
        assertThat(handlers(connection())).isEmpty();
    }

    @Test
    void whatIsWrittenWhileAFaultEndsIsNotLost() {
        EmbeddedChannel channel = connection();
        Wires.Begun late = begin(LATE);
        channel.runPendingTasks();
        ChannelFuture first = channel.write(bytes("one"));
        // As a connection does whose other side takes more again: the flush at the end tells it.
        first.addListener(_ -> channel.writeAndFlush(bytes("two")));
        late.close();
        channel.runPendingTasks();
        assertThat(handlers(channel)).isEmpty();
        assertThat(sent(channel)).containsExactly("one", "two");
    }

    @Test
    void bytesVanishInBothDirections_andAConnectionThatLostSomeIsResetAtTheEnd() {
        EmbeddedChannel lossy = connection();
        EmbeddedChannel idle = connection();
        Wires.Begun drop = wires.towards("front-door", _ -> true, new WireFault.Drop(), Loops.random(1));
        lossy.runPendingTasks();
        idle.runPendingTasks();
        ByteBuf question = bytes("question");
        ByteBuf answer = bytes("answer");
        assertThat(lossy.writeAndFlush(question).isSuccess()).as("a socket takes what the network loses").isTrue();
        lossy.writeInbound(answer);
        assertThat(sent(lossy)).isEmpty();
        assertThat(lossy.<Object>readInbound()).isNull();
        assertThat(question.refCnt() + answer.refCnt()).isZero();
        assertThat(lossy.isOpen()).isTrue();
        drop.close();
        lossy.runPendingTasks();
        idle.runPendingTasks();
        assertThat(lossy.isOpen()).isFalse();
        assertThat(idle.isOpen()).isTrue();
        assertThat(handlers(idle)).isEmpty();
    }

    @Test
    void whatAHandshakeSaysHasTheFaultToo_thoughItBeginsWhileTheFaultLasts() {
        EmbeddedChannel deaf = connection();
        Wires.Begun drop = begin(new WireFault.Drop());
        deaf.runPendingTasks();
        Wires.addFirst(deaf.pipeline(), new Hello());
        assertThat(sent(deaf)).isEmpty();
        drop.close();
        deaf.runPendingTasks();
        assertThat(deaf.isOpen()).as("it has lost bytes").isFalse();

        EmbeddedChannel late = connection();
        begin(LATE);
        begin(LATE);
        late.runPendingTasks();
        Wires.addFirst(late.pipeline(), new Hello());
        for (int i = 0; i < 4; i++) {
            assertThat(sent(late)).as("after %d ms, of two times 200", 100 * i).isEmpty();
            late.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            late.runScheduledPendingTasks();
        }
        assertThat(sent(late)).containsExactly("hello");
    }

    @Test
    void aHandshakeBeginsBeforeAllOtherHandlers_whenNothingIsFaulty() {
        EmbeddedChannel channel = connection();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        Wires.addFirst(channel.pipeline(), new Hello());
        assertThat(sent(channel)).containsExactly("hello");
        assertThat(channel.pipeline().first()).isInstanceOf(Hello.class);
    }

    /** Says something of its own as soon as it is there, as TLS does. */
    private static final class Hello extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(bytes("hello"));
        }
    }

    @Test
    void aPartitionResetsLiveConnections_andThoseThatComeWhileItLasts() {
        EmbeddedChannel before = connection();
        Wires.Begun cut = wires.towards("front-door", _ -> true, new WireFault.Partition(), Loops.random(1));
        before.runPendingTasks();
        EmbeddedChannel during = connection();
        during.runPendingTasks();
        assertThat(before.isOpen() || during.isOpen()).isFalse();
        cut.close();
        EmbeddedChannel after = connection();
        after.runPendingTasks();
        assertThat(after.isOpen()).isTrue();
        assertThat(handlers(after)).isEmpty();
    }

    @Test
    void connectsAreRefusedHeldBackOrHang_byTheFault_andOnlyToWhereItIs() throws Exception {
        try (Server here = new Server(); Server there = new Server()) {
            Wires.Begun cut = here.towards(new WireFault.Partition());
            assertThat(here.connect().await().cause()).isInstanceOf(ConnectException.class).hasMessageContaining("refused");
            assertThat(here.connectTo(there.address).await().isSuccess()).as("elsewhere").isTrue();
            cut.close();

            Wires.Begun drop = here.towards(new WireFault.Drop());
            assertThat(here.connect(100).await().cause()).isInstanceOf(ConnectTimeoutException.class);
            ChannelFuture hanging = here.connect();
            assertThat(hanging.await(50)).isFalse();
            drop.close();
            assertThat(hanging.await().isSuccess()).as("once bytes go through again").isTrue();
            assertThat(handlers(hanging.channel())).isEmpty();

            Wires.Begun late = here.towards(new WireFault.Latency(Duration.ofMillis(100), Duration.ZERO));
            long began = System.nanoTime();
            Channel channel = here.connect().await().channel();
            here.answers.clear();
            channel.writeAndFlush(bytes("there and back"));
            assertThat(text(here.answers.poll(60, TimeUnit.SECONDS))).isEqualTo("there and back");
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(200_000_000L);
            late.close();
            ChannelFuture closed = here.connect();
            closed.await().channel().close().await();
        }
    }

    @Test
    void whoGivesUpWhileConnectingHangsHears() throws Exception {
        try (Server here = new Server()) {
            Wires.Begun drop = here.towards(new WireFault.Drop());
            ChannelFuture hanging = here.connect();
            assertThat(hanging.await(50)).isFalse();
            hanging.channel().close();
            assertThat(hanging.await().cause()).isInstanceOf(ClosedChannelException.class);
            drop.close();
        }
    }

    @Test
    void aConnectionThatChangesItsLoopMeanwhileKeepsItsOrder_andTheFaultLeavesItThere() throws Exception {
        try (Server here = new Server()) {
            Channel channel = here.connect().sync().channel();
            Wires.Begun late = here.towards(new WireFault.Latency(Duration.ofMillis(100), Duration.ZERO));
            await(() -> handlers(channel).size() == 1);
            channel.writeAndFlush(bytes("a"));
            EventLoop before = channel.eventLoop();
            channel.deregister().sync();
            EventLoop other = here.transport.loops().next();
            while (other == before) {
                other = here.transport.loops().next();
            }
            other.register(channel).sync();
            channel.writeAndFlush(bytes("b"));
            StringBuilder answers = new StringBuilder();
            while (answers.length() < 2) {
                answers.append(text(here.answers.poll(60, TimeUnit.SECONDS)));
            }
            assertThat(answers).hasToString("ab");
            late.close();
            await(() -> handlers(channel).isEmpty());
        }
    }

    @Test
    void connectionsThatAreTakenHaveTheFault_byTheAddressesOfBothSides() throws Exception {
        try (Server here = new Server()) {
            Channel live = here.connect().sync().channel();
            BooleanSupplier taken = () -> here.taken == 1;
            await(taken);
            Wires.Begun elsewhere = here.wires.into("front-door", (local, _) -> !local.equals(here.address), new WireFault.Partition(), Loops.random(1));
            assertThat(elsewhere.connections()).isZero();
            Wires.Begun cut = here.wires.into("front-door", (local, _) -> local.equals(here.address), new WireFault.Partition(), Loops.random(1));
            assertThat(live.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
            Channel next = here.connect().await().channel(); // the reset may come before it knows that it is connected
            assertThat(next.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
            cut.close();
            Channel after = here.connect().sync().channel();
            after.writeAndFlush(bytes("hello"));
            assertThat(text(here.answers.poll(60, TimeUnit.SECONDS))).isEqualTo("hello");
        }
    }

    private static void await(BooleanSupplier so) throws InterruptedException {
        long deadline = Clock.system().nanos() + 60_000_000_000L;
        while (!so.getAsBoolean()) {
            assertThat(Clock.system().nanos()).isLessThan(deadline);
            Clock.system().sleep(Duration.ofMillis(5));
        }
    }

    /** One that the front door has made, in virtual time. */
    private EmbeddedChannel connection() {
        Transport memory = new Transport(null, NioServerSocketChannel::new, () -> EmbeddedChannel.builder().register(false).build(), null, _ -> null, false);
        EmbeddedChannel made = (EmbeddedChannel) wires.of("front-door", memory).connection().newChannel();
        try {
            made.register();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        made.freezeTime();
        return made;
    }

    private Wires.Begun begin(WireFault fault) {
        return wires.towards("front-door", _ -> true, fault, Loops.random(1));
    }

    private static List<ChannelHandler> handlers(Channel channel) {
        return channel.pipeline().toMap().values().stream().filter(FaultyWire.class::isInstance).toList();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static String text(ByteBuf bytes) {
        try {
            return bytes.toString(StandardCharsets.UTF_8);
        } finally {
            bytes.release();
        }
    }

    private static List<String> sent(EmbeddedChannel channel) {
        List<String> all = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.add(text(next));
        }
        return all;
    }

    /** Sends back what it gets; its own transport makes and takes the connections. */
    private static final class Server implements AutoCloseable {
        final Wires wires;
        final BlockingQueue<ByteBuf> answers = new LinkedBlockingQueue<>();
        final SocketAddress address;
        volatile int taken;
        private final Loops loops = Loops.open(IoKind.NIO, 2);
        private final Transport transport = loops.transport("front-door");

        Server() throws InterruptedException {
            wires = loops.wires();
            address = new ServerBootstrap().group(transport.loops()).channelFactory(transport.listener()).childHandler(new ChannelInboundHandlerAdapter() {
                @Override
                public boolean isSharable() {
                    return true;
                }

                @Override
                public void channelActive(ChannelHandlerContext ctx) {
                    taken++;
                }

                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ctx.writeAndFlush(message);
                }
            }).bind(new InetSocketAddress("127.0.0.1", 0)).sync().channel().localAddress();
        }

        Wires.Begun towards(WireFault fault) {
            return wires.towards("front-door", address::equals, fault, Loops.random(1));
        }

        ChannelFuture connect() {
            return connectTo(address);
        }

        ChannelFuture connect(int timeoutMillis) {
            return bootstrap().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis).connect(address);
        }

        ChannelFuture connectTo(SocketAddress to) {
            return bootstrap().connect(to);
        }

        private Bootstrap bootstrap() {
            return new Bootstrap().group(transport.loops()).channelFactory(transport.connection()).handler(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    answers.add((ByteBuf) message);
                }

                /** A partition's resets are what these tests want. */
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable reset) {
                    ctx.close();
                }
            });
        }

        @Override
        public void close() {
            loops.close();
        }
    }
}
