package dev.banyan.postgres.sql;

import java.util.Set;

/** Settings that a session brings along to whichever server it is at, or that are the same at a primary and its replicas. */
final class SessionSettings {
    private static final Set<String> NAMES = Set.of(
            "application_name", "bytea_output", "client_encoding", "client_min_messages", "datestyle", "default_text_search_config",
            "default_transaction_deferrable", "default_transaction_isolation", "escape_string_warning", "extra_float_digits",
            "idle_in_transaction_session_timeout", "integer_datetimes", "intervalstyle", "lc_collate", "lc_ctype", "lc_messages", "lc_monetary",
            "lc_numeric", "lc_time", "lock_timeout", "max_identifier_length", "role", "search_path", "server_encoding", "session_authorization",
            "standard_conforming_strings", "statement_timeout", "timezone", "transaction_isolation", "xmlbinary", "xmloption");

    private SessionSettings() {}

    /** @param name in lower case; an application's own ({@code app.user}) is always the session's */
    static boolean follows(String name) {
        return NAMES.contains(name) || name.indexOf('.') > 0;
    }
}
