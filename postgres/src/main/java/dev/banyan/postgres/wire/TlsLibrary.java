package dev.banyan.postgres.wire;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Which library does TLS, on both sides. */
final class TlsLibrary {
    static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    static final long HANDSHAKE_SECONDS = 10;

    private TlsLibrary() {}
}
