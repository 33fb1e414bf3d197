package dev.banyan.postgres;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be asked at the virtual database {@code banyan} by SHOW. Names of topics and columns are PgBouncer's where it has the same. */
enum AdminTopic {
    HELP("the topics", "topic", "tells"),
    VERSION("which router this is", "version"),
    POOLS("connections by login and server, and who waits for them",
            "database", "user", "server", "cl_waiting", "sv_active", "sv_idle", "sv_login", "pool_size", "maxwait", "maxwait_us", "pool_mode"),
    CLIENTS("connections of clients", "type", "user", "database", "state", "addr", "port", "application_name", "server", "kept_for", "tls"),
    SERVERS("connections to servers", "type", "user", "database", "state", "server", "addr", "port", "remote_pid", "age_seconds", "prepared_statements"),
    MEMBERS("the servers, their roles, and how far behind replicas are", "name", "addr", "role", "gets_reads", "lag_bytes", "lag_seconds", "in_flight"),
    STATEMENTS("statements, those that took the most time first",
            "fingerprint", "calls", "at_primary", "at_replicas", "rows", "errors", "total_ms", "mean_ms", "max_ms", "reads_only", "statement"),
    ADVICE("statements that could go to a replica but for one thing", "share", "calls", "total_ms", "statement", "why", "next"),
    CONFIG("the settings", "key", "value"),
    STATS("totals since the start", "place", "total_query_count", "total_query_time", "avg_query_time", "total_error_count");

    private final String tells;
    private final List<String> columns;

    AdminTopic(String tells, String... columns) {
        this.tells = tells;
        this.columns = List.of(columns);
    }

    List<String> columns() {
        return columns;
    }

    static Optional<AdminTopic> named(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals("SETTINGS") ? Optional.of(CONFIG) : Arrays.stream(values()).filter(each -> each.name().equals(upper)).findFirst();
    }

    /** The rows of HELP. */
    static List<List<String>> help() {
        return Arrays.stream(values()).map(each -> List.of("SHOW " + each, each.tells)).toList();
    }

    /** All of them, for a person. */
    static String all() {
        return String.join(", ", Arrays.stream(values()).map(each -> "SHOW " + each).toList());
    }
}
