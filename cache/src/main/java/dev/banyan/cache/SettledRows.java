package dev.banyan.cache;

import dev.banyan.topology.CacheKeys.Strategy;
import java.sql.SQLException;

/** Values that are loaded while none of their pending writes is on its way to the database. Blocks. Safe for any thread. */
final class SettledRows implements Rows {
    private final Rows rows;
    private final Bindings bindings;
    private final Settling settling;

    SettledRows(Rows rows, Bindings bindings, Settling settling) {
        this.rows = rows;
        this.bindings = bindings;
        this.settling = settling;
    }

    @Override
    public Loaded load(CacheKey key, Place place) throws SQLException {
        if (key.rule().strategy() != Strategy.WRITE_BEHIND) {
            return rows.load(key, place);
        }
        Bound bound = bindings.bound(key.rule());
        return settling.undisturbed(key.rule(), RowId.of(bound, key.parts(bound.parts())), () -> rows.load(key, place));
    }
}
