package dev.banyan.http;

import dev.banyan.net.Identity;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 and 1.2 with forward secrecy and authenticated ciphers only, sessions resumed by tickets, HTTP/2 offered first. The certificate
 * can be changed while connections live on with the former one. Safe for any thread.
 *
 * <p>BoringSSL does the work where its native library loads (Linux and macOS, both architectures), the JDK elsewhere.
 */
final class ServerTls implements AutoCloseable {
    private static final long HANDSHAKE_SECONDS = 10;
    private static final long SESSION_SECONDS = TimeUnit.HOURS.toSeconds(12);
    private static final int SESSIONS = 20_000;

    /** Guarded by this; null when closed. */
    private SslContext context;

    ServerTls(Identity identity) {
        context = context(identity);
    }

    /** New connections get this certificate from now on. */
    void use(Identity identity) {
        SslContext fresh = context(identity);
        synchronized (this) {
            ReferenceCountUtil.release(context); // its connections hold it until they end
            context = fresh;
        }
    }

    /** For one new connection. */
    SslHandler handler(ByteBufAllocator alloc) throws ClosedChannelException {
        SslHandler handler;
        synchronized (this) {
            if (context == null) {
                throw new ClosedChannelException();
            }
            handler = context.newHandler(alloc);
        }
        handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        return handler;
    }

    /** There are no new connections any more. */
    @Override
    public synchronized void close() {
        ReferenceCountUtil.release(context);
        context = null;
    }

    /** Which library does the work, for the log. */
    static String library() {
        return OpenSsl.isAvailable() ? OpenSsl.versionString() : "JDK";
    }

    private static SslContext context(Identity identity) {
        try {
            return SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .sessionTimeout(SESSION_SECONDS)
                    .sessionCacheSize(SESSIONS)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException e) {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, "front-door.tls: " + library() + " does not take the certificate (" + e.getMessage() + "); give an RSA or EC certificate", e);
        }
    }
}
