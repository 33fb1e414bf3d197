package dev.banyan.cli;

import dev.banyan.net.Identity;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.ErrorCode;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** TLS 1.3 and 1.2 towards clients of the cache router. */
final class CacheTls {
    private CacheTls() {}

    /**
     * @param certificates where a self-signed one is kept
     * @throws BanyanException BAD_SITE_FILE when the certificate cannot be read or is not taken
     */
    static SslContext of(CacheRouter.Tls tls, Path certificates, Instant now) {
        Identity identity = Identity.of("cache.router", tls.certificate(), tls.key(), Optional.of(certificates), now);
        try {
            return SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException e) {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, "cache.router.tls: the certificate is not taken (" + e.getMessage() + "); give an RSA or EC certificate", e);
        }
    }
}
