package dev.banyan.postgres.sql;

import java.util.List;
import java.util.Set;

/** PostgreSQL's own relations that show a server or a session instead of the database's data, and the columns that only sequences have. */
final class PrimaryRelations {
    private static final List<String> BEGINNINGS = List.of("pg_stat_", "pg_statio_", "pg_replication_", "pg_available_", "pg_prepared_", "pg_backend_memory_", "pg_shmem_", "pg_aios");
    private static final Set<String> NAMES = Set.of(
            "pg_config", "pg_cursors", "pg_file_settings", "pg_hba_file_rules", "pg_ident_file_mappings", "pg_locks", "pg_sequences", "pg_settings",
            "pg_wait_events", "pg_temp");
    /** A standby shows these up to 32 values ahead (src/backend/commands/sequence.c, SEQ_LOG_VALS). */
    private static final Set<String> OF_SEQUENCES = Set.of("last_value", "log_cnt", "is_called");

    private PrimaryRelations() {}

    static boolean contains(String name) {
        if (!name.startsWith("pg_")) {
            return OF_SEQUENCES.contains(name);
        }
        return NAMES.contains(name) || BEGINNINGS.stream().anyMatch(name::startsWith);
    }
}
