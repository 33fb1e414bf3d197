package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final String PASSWORD = "only-for-this-test";

    @TempDir
    Path folder;

    @Test
    void onThisMachineACertificateThatNobodySignedWillDo() throws Exception {
        try (Loops loops = Loops.open()) {
            int port = serve(loops.transport(), certificate());
            LoadReport report = load(loops, "https://localhost:" + port + "/");
            assertThat(report.byKind()).isEmpty();
            assertThat(report.requests()).isEqualTo(20);
        }
    }

    @Test
    void aServerWithoutTls_isAFailedHandshake() {
        try (Loops loops = Loops.open(); Origin origin = Origin.of(loops, with -> {
            with.raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            with.hang();
        })) {
            assertThat(load(loops, origin.url("/").toString().replace("http:", "https:")).byKind()).isEqualTo(Map.of("connect_failed", 20L));
        }
    }

    private static LoadReport load(Loops loops, String url) {
        LoadOptions options = LoadOptions.at(URI.create(url), LoadOptions.Script.URL).edit().rate(Rate.constant(100)).requests(20).done();
        return Load.run(options, loops, Clock.system(), Loops.random(1), second -> {});
    }

    private SslContext certificate() throws Exception {
        Path store = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "test", "-keyalg", "EC",
                "-dname", "CN=nobody", "-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD).inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        return SslContextBuilder.forServer(managers).build();
    }

    private static int serve(Transport transport, SslContext tls) {
        Channel listener = new ServerBootstrap().group(transport.loops()).channelFactory(transport.listener()).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()), new HttpServerCodec(), new HttpObjectAggregator(65_536),
                        new SimpleChannelInboundHandler<FullHttpRequest>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                                var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                                        Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
                                HttpUtil.setContentLength(answer, 5);
                                ctx.writeAndFlush(answer);
                            }
                        });
            }
        }).bind(new InetSocketAddress("localhost", 0)).syncUninterruptibly().channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }
}
