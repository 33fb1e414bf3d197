package dev.banyan.postgres.wire;

import dev.banyan.net.Identity;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 and 1.2 towards clients. BoringSSL does the work where its native library loads, the JDK elsewhere.
 *
 * @param endPoint what a client's channel binding must name (RFC 5929, tls-server-end-point); empty where the certificate's signature has no
 *     hash of its own, as Ed25519
 */
public record ClientTls(SslContext context, Optional<byte[]> endPoint) implements AutoCloseable {
    /** The name of PostgreSQL's protocol in ALPN (IANA's registry). */
    static final String PROTOCOL = "postgresql";

    /** @throws BanyanException BAD_SITE_FILE when the library does not take the certificate */
    public static ClientTls of(Identity identity) {
        try {
            SslContext context = SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(TlsLibrary.PROVIDER)
                    .protocols(TlsLibrary.PROTOCOLS)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            PROTOCOL))
                    .build();
            return new ClientTls(context, ChannelBinding.endPoint(identity.chain().getFirst()));
        } catch (SSLException e) {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, "database.router.tls: the certificate is not taken (" + e.getMessage() + "); give an RSA or EC certificate", e);
        }
    }

    /** There are no new connections any more; those there are hold what they need. */
    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }
}
