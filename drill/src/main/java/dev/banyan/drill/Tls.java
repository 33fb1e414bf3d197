package dev.banyan.drill;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.URI;
import javax.net.ssl.SSLException;

/**
 * TLS to a target. On this machine any certificate will do, since those made for local use are signed by nobody; elsewhere it is checked as
 * browsers do.
 */
record Tls(SslContext context, String host, int port) {
    static Tls to(Target target) {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        if (target.loopback()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm("");
        }
        try {
            return new Tls(builder.build(), URI.create("https://" + target.authority()).getHost(), target.at().port());
        } catch (SSLException e) {
            throw new BanyanException(ErrorCode.INTERNAL, "TLS cannot be set up in this JVM: " + e.getMessage(), e);
        }
    }

    SslHandler handler(ByteBufAllocator buffers, long timeoutMillis) {
        SslHandler handler = context.newHandler(buffers, host, port);
        handler.setHandshakeTimeoutMillis(timeoutMillis);
        return handler;
    }
}
