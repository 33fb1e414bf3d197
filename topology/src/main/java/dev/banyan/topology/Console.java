package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.util.Optional;

/** The console, the admin API and the metrics. */
@Doc("The console, the admin API and the metrics.")
public record Console(
        @Applied(Effect.RESTART) @Written(Form.LOCAL_LISTEN) @Default("127.0.0.1:9900") @Doc("Where it listens: HOST:PORT or a port (then at 127.0.0.1). Elsewhere than on loopback only with TLS.")
                HostPort listen,
        @Applied(Effect.RESTART) @Doc("Listening with TLS (1.2 and 1.3) instead.") Optional<Tls> tls) {

    /** TLS at the console: certificate files, or one made for this machine. */
    @Doc("TLS at the console: certificate files, which are read again when they change, or one made for this machine.")
    @Together({"certificate", "key"})
    public record Tls(
            @Doc("The certificate chain, PEM; a self-signed one is made when absent, whose SHA-256 'banyan up' prints.") Optional<Path> certificate,
            @Doc("The certificate's private key, PEM.") Optional<Path> key) {}
}
