package dev.banyan.postgres;

import dev.banyan.postgres.sql.CachedStatementReader;
import dev.banyan.postgres.sql.Catalogue;
import java.util.function.Supplier;

/** How the statements of a database are read, by what is known of its own functions, and what was prepared of them. Owned by one IO loop. */
record Dialect(CachedStatementReader reader, PreparedTexts texts) {
    /** @param readings kinds of statements that are remembered */
    static Dialect of(Supplier<Catalogue> catalogue, int readings, long seed) {
        CachedStatementReader reader = new CachedStatementReader(catalogue, readings, seed);
        return new Dialect(reader, new PreparedTexts(reader, catalogue, seed));
    }
}
