package dev.banyan.topology;

import java.util.Optional;

/** The application's relational database: an embedded PostgreSQL unless a URL names another. */
@Doc("The application's relational database: an embedded PostgreSQL unless a URL names another.")
public record Database(
        @Doc("A PostgreSQL that runs already: postgresql://USER:PASSWORD@HOST:PORT/NAME; the embedded one when absent.") Optional<Secret> url,
        @Default("none") @Doc("'none' when the application needs no database, 'postgresql' when it does.") Kind kind,
        @Default("0") @Doc("The port the embedded PostgreSQL listens on at 127.0.0.1; 0 lets Banyan choose one and keep it.") int port) {

    public enum Kind {
        NONE,
        POSTGRESQL
    }
}
