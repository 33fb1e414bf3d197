package dev.banyan.http;

import dev.banyan.net.Identity;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

/**
 * How an edge's connections to its origin begin: with TLS where the origin is on another machine, then with the {@link EdgePass}. Immutable; safe for
 * any thread.
 */
public final class Introduction {
    private static final long HANDSHAKE_SECONDS = 10;

    private final EdgePass pass;
    private final Optional<SslContext> tls;

    private Introduction(EdgePass pass, Optional<SslContext> tls) {
        this.pass = pass;
        this.tls = tls;
    }

    /** Without TLS, to an origin on this machine. */
    public static Introduction plain(EdgePass pass) {
        return new Introduction(pass, Optional.empty());
    }

    /**
     * With TLS, to an origin whose certificate is known beforehand; names and authorities say nothing then.
     *
     * @param fingerprint the SHA-256 of its certificate (DER) in hexadecimal digits
     */
    public static Introduction pinned(EdgePass pass, String fingerprint) {
        try {
            return new Introduction(pass, Optional.of(SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2").trustManager(new Pinned(fingerprint))
                    .endpointIdentificationAlgorithm(null).build()));
        } catch (SSLException e) {
            throw new IllegalStateException("TLS with a pinned certificate needs nothing that may be missing", e);
        }
    }

    /** The SHA-256 of a certificate in hexadecimal digits. */
    public static String fingerprint(X509Certificate certificate) {
        return Identity.fingerprint(certificate);
    }

    /** Puts what a connection begins with before what is in the pipeline. */
    void addTo(ChannelPipeline pipeline) {
        tls.ifPresent(context -> {
            SslHandler handler = context.newHandler(pipeline.channel().alloc());
            handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
            pipeline.addLast(handler);
        });
        pipeline.addLast(new First(pass));
    }

    /** Writes the pass before the first bytes of whoever uses the connection, and leaves. */
    private static final class First extends ChannelOutboundHandlerAdapter {
        private final EdgePass pass;

        First(EdgePass pass) {
            this.pass = pass;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ctx.write(pass.header(), ctx.voidPromise());
            ctx.write(message, promise);
            ctx.pipeline().remove(this);
        }
    }

    private record Pinned(String fingerprint) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            if (!MessageDigest.isEqual(fingerprint(chain[0]).getBytes(java.nio.charset.StandardCharsets.US_ASCII), fingerprint.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
                throw new CertificateException("the origin's certificate is another than the one that the edge was told of when it joined: join again");
            }
        }

        private static String fingerprint(X509Certificate certificate) {
            return Introduction.fingerprint(certificate);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("an edge has no clients with certificates here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
