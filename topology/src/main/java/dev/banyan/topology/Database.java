package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.util.Optional;

/** The application's relational database: an embedded PostgreSQL unless a URL names another. */
@Doc("The application's relational database: an embedded PostgreSQL unless a URL names another.")
public record Database(
        @Written(Form.POSTGRESQL_URL) @Doc("A PostgreSQL that runs already: postgresql://USER:PASSWORD@HOST:PORT/NAME, or with several HOST:PORT and commas between for a primary and its replicas, whose roles are followed; the embedded one when absent.") Optional<Secret> url,
        @Default("none") @Doc("Whether the application needs a database.") Kind kind,
        @Default("0") @Range(from = "0", to = "65535") @Doc("The port the first embedded PostgreSQL listens on at 127.0.0.1; 0 lets Banyan choose one and keep it. Those of further servers are always chosen.") int port,
        @Range(from = "0", to = "8") @Default("2") @Doc("Replicas of an embedded database from stage 4 on.") int replicas,
        @Doc("The PostgreSQL router that the application connects to.") DatabaseRouter router,
        @Doc("How the loss of the primary is found out and mended.") Failover failover) {

    public enum Kind {
        @Doc("The application needs no database.")
        NONE,
        @Doc("PostgreSQL.")
        POSTGRESQL
    }
}
