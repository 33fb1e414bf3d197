package dev.banyan.changes;

import java.util.Map;
import java.util.Optional;

/** One change of a committed transaction. Values are PostgreSQL's texts; a column that is NULL is there with an empty one. */
public sealed interface Change {
    /** The table, {@code SCHEMA.NAME} as the catalogue has it, unquoted. */
    String table();

    record Inserted(String table, Map<String, Optional<String>> row) implements Change {}

    /**
     * @param old what is known of the row before: its replica identity where that changed, the whole row with REPLICA IDENTITY FULL, else empty
     * @param row the row now; a large value that did not change may be absent
     */
    record Updated(String table, Map<String, Optional<String>> old, Map<String, Optional<String>> row) implements Change {}

    /** @param old the row's replica identity, or the whole row with REPLICA IDENTITY FULL */
    record Deleted(String table, Map<String, Optional<String>> old) implements Change {}

    record Truncated(String table) implements Change {}
}
