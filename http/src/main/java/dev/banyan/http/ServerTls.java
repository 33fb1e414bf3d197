package dev.banyan.http;

import dev.banyan.net.Identity;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 and 1.2 with forward secrecy and authenticated ciphers only, sessions resumed by tickets, HTTP/2 offered first. The certificate
 * can be changed while connections live on with the former one, and there may be several, by the name that a client asks for. Safe for any thread.
 *
 * <p>BoringSSL does the work where its native library loads (Linux and macOS, both architectures), the JDK elsewhere.
 */
final class ServerTls implements AutoCloseable {
    private static final long HANDSHAKE_SECONDS = 10;
    private static final long SESSION_SECONDS = TimeUnit.HOURS.toSeconds(12);
    private static final int SESSIONS = 20_000;

    private volatile Instant ends;
    /** Guarded by this; null when closed. */
    private SslContext context;

    ServerTls(Identity identity) {
        this(Certificates.of(identity));
    }

    ServerTls(Certificates certificates) {
        context = context(certificates);
        ends = certificates.ends();
    }

    /** When the first of its certificates ends. */
    Instant ends() {
        return ends;
    }

    /** New connections get these certificates from now on. */
    void use(Certificates certificates) {
        SslContext fresh = context(certificates);
        synchronized (this) {
            ReferenceCountUtil.release(context); // its connections hold it until they end
            context = fresh;
            ends = certificates.ends();
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

    private static SslContextBuilder builder(Certificates certificates) {
        Identity usual = certificates.all().getFirst();
        if (certificates.all().size() == 1) {
            return SslContextBuilder.forServer(usual.key(), usual.chain());
        }
        SniKeys keys = new SniKeys(certificates);
        // BoringSSL wants keys in a form of its own, which is made once for each and not once a handshake.
        return OpenSsl.isAvailable() ? SslContextBuilder.forServer(new OpenSslCachingX509KeyManagerFactory(new OneKeyManager(keys))) : SslContextBuilder.forServer(keys);
    }

    /** The key manager that it is given. */
    private static final class OneKeyManager extends KeyManagerFactory {
        OneKeyManager(SniKeys keys) {
            super(new KeyManagerFactorySpi() {
                @Override
                protected void engineInit(KeyStore store, char[] password) {}

                @Override
                protected void engineInit(ManagerFactoryParameters parameters) {}

                @Override
                protected KeyManager[] engineGetKeyManagers() {
                    return new KeyManager[] {keys};
                }
            }, null, "SNI");
        }
    }

    private static SslContext context(Certificates certificates) {
        try {
            return builder(certificates)
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
