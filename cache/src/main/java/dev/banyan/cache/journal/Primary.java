package dev.banyan.cache.journal;

import java.sql.Connection;
import java.sql.SQLException;

/** The way to the database's primary. */
@FunctionalInterface
public interface Primary {
    /** A new connection that may write, with timeouts for connecting and for answers; it is the caller's to close. Blocks. */
    Connection connect() throws SQLException;
}
