package dev.banyan.photos;

import java.sql.SQLException;

/** A SQLException on its way through code that may not throw one. */
final class DatabaseFailure extends RuntimeException {
    DatabaseFailure(SQLException cause) {
        super(cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) super.getCause();
    }
}
