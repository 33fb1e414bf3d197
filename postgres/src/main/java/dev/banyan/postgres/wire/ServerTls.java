package dev.banyan.postgres.wire;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * TLS towards servers, as the parameters of a URL ask for it.
 *
 * @param context empty for DISABLE alone
 */
public record ServerTls(SslMode mode, Optional<SslContext> context) implements AutoCloseable {
    private static final String ROOT = "sslrootcert";
    private static final String SYSTEM = "system";

    /** Without TLS: servers of Banyan's own at the loopback. */
    public static ServerTls none() {
        return new ServerTls(SslMode.DISABLE, Optional.empty());
    }

    /**
     * By {@code sslmode} ({@code prefer} when absent) and {@code sslrootcert}, a PEM file or {@code system}. As with libpq, {@code require} with
     * a root certificate checks the authority, and {@code system} asks for {@code verify-full}.
     *
     * @param parameters of the URL; others are not looked at
     * @throws BanyanException BAD_SITE_FILE that names the parameter
     */
    public static ServerTls of(Map<String, String> parameters) {
        Optional<String> root = Optional.ofNullable(parameters.get(ROOT));
        boolean system = root.equals(Optional.of(SYSTEM));
        SslMode mode = mode(parameters.getOrDefault("sslmode", system ? "verify-full" : "prefer"));
        if (system && mode != SslMode.VERIFY_FULL) {
            throw fault("sslrootcert=system trusts everyone whom the system trusts; with it sslmode must be verify-full");
        }
        if (mode == SslMode.REQUIRE && root.isPresent()) {
            mode = SslMode.VERIFY_CA;
        }
        if (mode.compareTo(SslMode.VERIFY_CA) >= 0 && root.isEmpty()) {
            throw fault("sslmode=" + shown(mode) + " needs sslrootcert=FILE with the authority's certificate (PEM), or sslrootcert=system");
        }
        return mode == SslMode.DISABLE ? none() : new ServerTls(mode, Optional.of(context(mode, root)));
    }

    private static SslMode mode(String text) {
        return Arrays.stream(SslMode.values())
                .filter(mode -> shown(mode).equals(text))
                .findFirst()
                .orElseThrow(() -> fault("sslmode is disable, prefer, require, verify-ca or verify-full, not '" + text + "'"));
    }

    static String shown(SslMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static SslContext context(SslMode mode, Optional<String> root) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(TlsLibrary.PROVIDER)
                .protocols(TlsLibrary.PROTOCOLS)
                .endpointIdentificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ClientTls.PROTOCOL));
        if (mode.compareTo(SslMode.VERIFY_CA) < 0) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (!root.orElseThrow().equals(SYSTEM)) {
            File file = new File(root.get());
            try {
                builder.trustManager(file);
            } catch (IllegalArgumentException e) {
                throw fault("sslrootcert " + file + " cannot be read as PEM certificates" + (file.exists() ? "" : ": there is no such file"));
            }
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw fault("TLS cannot be set up (" + e.getMessage() + ")");
        }
    }

    private static BanyanException fault(String what) {
        return new BanyanException(ErrorCode.BAD_SITE_FILE, "database.url: " + what);
    }

    /** There are no new connections any more; those there are hold what they need. */
    @Override
    public void close() {
        context.ifPresent(ReferenceCountUtil::release);
    }
}
