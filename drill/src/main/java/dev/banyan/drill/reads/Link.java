package dev.banyan.drill.reads;

import java.sql.SQLException;

/** One connection to a {@link Store}. Used by one thread at a time. */
interface Link extends AutoCloseable {
    /** The version of a counter. */
    long read(int counter) throws SQLException;

    /** Sets the version of a counter; outside a transaction it is acknowledged when this returns. */
    void write(int counter, long version) throws SQLException;

    void begin() throws SQLException;

    void commit() throws SQLException;

    void rollback() throws SQLException;

    /** The position of what this connection has written and seen: {@code SHOW banyan.lsn}. */
    String position() throws SQLException;

    /** This connection must see what another has, whose position this is. */
    void carry(String position) throws SQLException;

    @Override
    void close();
}
