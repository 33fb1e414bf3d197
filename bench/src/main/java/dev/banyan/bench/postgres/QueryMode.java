package dev.banyan.bench.postgres;

import java.util.Locale;

/** How pgbench sends a statement. */
enum QueryMode {
    /** As text with the values in it. */
    SIMPLE,
    /** Parsed anew each time, the values apart. */
    EXTENDED,
    /** Parsed once for each connection, by a name. */
    PREPARED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
