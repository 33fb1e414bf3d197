package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketsTest {
    private static final int HELD = 10;

    private final Loops loops = Loops.open();
    private Channel listener;

    @AfterEach
    void close() {
        listener.close().syncUninterruptibly();
        loops.close();
    }

    @Test
    void everyMessageComesBackInOrder() {
        LoadReport.WebSockets held = hold(Duration.ofMillis(1500), (ctx, text) -> {
            ctx.write(new TextWebSocketFrame("{\"type\":\"hello\"}"));
            ctx.writeAndFlush(new TextWebSocketFrame(text));
        });
        assertThat(held).isEqualTo(new LoadReport.WebSockets(HELD, HELD, held.sent(), held.sent(), 0, 0, 0, 0, ""));
        assertThat(held.sent()).isBetween(2L * HELD, 4L * HELD);
        assertThat(held.clean()).isTrue();
    }

    @Test
    void aSocketThatIsToldToGoAway_comesBackWithItsMessages() {
        AtomicInteger told = new AtomicInteger();
        LoadReport.WebSockets held = hold(Duration.ofSeconds(2), (ctx, text) -> {
            if (text.contains("\"2\"") && told.incrementAndGet() <= HELD / 2) {
                ctx.writeAndFlush(new CloseWebSocketFrame(1001, "this instance stops"));
            } else {
                ctx.writeAndFlush(new TextWebSocketFrame(text));
            }
        });
        assertThat(held.moved()).isEqualTo(HELD / 2);
        assertThat(held.lost()).isZero();
        assertThat(held.closed()).isZero();
        assertThat(held.echoed()).isEqualTo(held.sent());
        assertThat(held.clean()).isTrue();
    }

    @Test
    void aSocketThatBreaks_countsAsClosed_andWhatWasOnItAsLost() {
        LoadReport.WebSockets held = hold(Duration.ofMillis(1500), (ctx, text) -> {
            if (text.contains("\"2\"")) {
                ctx.close();
            } else {
                ctx.writeAndFlush(new TextWebSocketFrame(text));
            }
        });
        assertThat(held.closed()).isEqualTo(HELD);
        assertThat(held.lost()).isEqualTo(HELD);
        assertThat(held.echoed()).isEqualTo(held.sent() - HELD);
        assertThat(held.clean()).isFalse();
    }

    @Test
    void messagesThatComeBackInAnotherOrder_areSeen() {
        AtomicReference<String> kept = new AtomicReference<>();
        LoadReport.WebSockets held = hold(Duration.ofMillis(1500), 1, (ctx, text) -> {
            if (text.contains("\"1\"")) {
                kept.set(text);
            } else {
                ctx.writeAndFlush(new TextWebSocketFrame(text));
                Optional.ofNullable(kept.getAndSet(null)).ifPresent(late -> ctx.writeAndFlush(new TextWebSocketFrame(late)));
            }
        });
        assertThat(held.outOfOrder()).isEqualTo(1);
        assertThat(held.echoed()).isEqualTo(held.sent() - 1);
        assertThat(held.clean()).isFalse();
    }

    @Test
    void aServerThatKnowsNoWebSocket_isReportedWithItsReason() {
        int port = serve((ctx, text) -> {});
        LoadOptions options = LoadOptions.at(URI.create("http://127.0.0.1:" + port + "/none"), LoadOptions.Script.URL).edit().rate(Rate.constant(5))
                .duration(Duration.ofMillis(200)).websockets(2, "/elsewhere").timeout(Duration.ofMillis(300)).done();
        LoadReport report = Load.run(options, loops, Clock.system(), Loops.random(1), second -> {});
        LoadReport.WebSockets held = report.websockets().orElseThrow();
        assertThat(held.opened()).isZero();
        assertThat(held.refusal()).contains("204");
        assertThat(held.closed()).isZero();
        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(report.table()).contains("0 of 2 opened").contains("refused: ");
    }

    private LoadReport.WebSockets hold(Duration time, BiConsumer<ChannelHandlerContext, String> onText) {
        return hold(time, HELD, onText);
    }

    private LoadReport.WebSockets hold(Duration time, int count, BiConsumer<ChannelHandlerContext, String> onText) {
        int port = serve(onText);
        LoadOptions options = LoadOptions.at(URI.create("http://127.0.0.1:" + port + "/none"), LoadOptions.Script.URL).edit().rate(Rate.constant(5))
                .duration(time).websockets(count, "/live").timeout(Duration.ofSeconds(2)).done();
        return Load.run(options, loops, Clock.system(), Loops.random(1), second -> {}).websockets().orElseThrow();
    }

    private int serve(BiConsumer<ChannelHandlerContext, String> onText) {
        Transport transport = loops.transport();
        listener = new ServerBootstrap().group(transport.loops()).channelFactory(transport.listener()).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536), new WebSocketServerProtocolHandler("/live"),
                        new SimpleChannelInboundHandler<FullHttpRequest>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                                ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT));
                            }
                        }, new SimpleChannelInboundHandler<TextWebSocketFrame>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
                                onText.accept(ctx, frame.text());
                            }
                        });
            }
        }).bind(new InetSocketAddress("127.0.0.1", 0)).syncUninterruptibly().channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }
}
