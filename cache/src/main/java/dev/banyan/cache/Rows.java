package dev.banyan.cache;

import java.sql.SQLException;
import java.util.Optional;

/** Values as the database has them. */
interface Rows {
    /** Loads one; blocks. @throws Refused when the key fits no row of the kind, or no connection is free in time */
    Loaded load(CacheKey key, Place place) throws SQLException;

    /** Which server is asked. */
    enum Place {
        /** A replica where there are some. */
        REPLICA,
        PRIMARY
    }

    /**
     * What a load found.
     *
     * @param value empty when there is no such row, or its one column is NULL
     * @param canonical whether the key is written as the database writes it: changes are told of that form only
     * @param snapshot what the load's statement saw
     */
    record Loaded(Optional<byte[]> value, boolean canonical, Snapshot snapshot) {}
}
