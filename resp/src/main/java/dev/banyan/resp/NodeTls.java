package dev.banyan.resp;

import dev.banyan.topology.BanyanException;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Whom to trust towards nodes, in the words of {@code database.url}: {@code sslrootcert}, a PEM file or {@code system} (the default), and
 * {@code sslmode}.
 *
 * @param root empty is what the system trusts
 */
public record NodeTls(Mode mode, Optional<File> root) {
    /** How sure one must be of a node. */
    public enum Mode {
        /** Encrypted; anyone may answer. */
        REQUIRE("require"),
        /** Its certificate is from the authority. */
        VERIFY_CA("verify-ca"),
        /** And it is its host's: the default. */
        VERIFY_FULL("verify-full");

        private final String shown;

        Mode(String shown) {
            this.shown = shown;
        }
    }

    /** @throws BanyanException BAD_SITE_FILE that names the parameter */
    static NodeTls of(Map<String, String> parameters) {
        String text = parameters.getOrDefault("sslmode", Mode.VERIFY_FULL.shown);
        Mode mode = Arrays.stream(Mode.values())
                .filter(each -> each.shown.equals(text))
                .findFirst()
                .orElseThrow(() -> NodesUrl.fault("has an sslmode that is none: require, verify-ca or verify-full, not '" + text + "'"));
        Optional<File> root = Optional.ofNullable(parameters.get("sslrootcert")).filter(name -> !name.equals("system")).map(File::new);
        if (mode == Mode.REQUIRE && root.isPresent()) {
            throw NodesUrl.fault("has an sslrootcert that sslmode=require does not look at: use verify-ca or verify-full");
        }
        if (root.isPresent() && !root.get().isFile()) {
            throw NodesUrl.fault("has the sslrootcert " + root.get() + ", and there is no such file");
        }
        return new NodeTls(mode, root);
    }

    /**
     * For connections to nodes; a handler made of it with a node's host checks that.
     *
     * @throws BanyanException BAD_SITE_FILE when the file holds no certificate
     */
    public SslContext context() {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm(mode == Mode.VERIFY_FULL ? "HTTPS" : "");
        try {
            root.ifPresent(builder::trustManager);
        } catch (IllegalArgumentException e) {
            throw NodesUrl.fault("has the sslrootcert " + root.orElseThrow() + ", which cannot be read as PEM certificates");
        }
        if (mode == Mode.REQUIRE) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw NodesUrl.fault("asks for TLS, which cannot be set up (" + e.getMessage() + ")");
        }
    }
}
