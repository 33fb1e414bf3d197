package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;

/** The console, the admin API and the metrics. */
@Doc("The console, the admin API and the metrics.")
public record Console(
        @Applied(Effect.RESTART) @Written(Form.LOCAL_LISTEN) @Default("127.0.0.1:9900") @Doc("Where it listens: HOST:PORT or a port (then at 127.0.0.1).")
                HostPort listen) {}
