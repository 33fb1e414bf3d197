package dev.banyan.postgres.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * PostgreSQL's own functions: which only compute or read (the resource {@code harmless-functions.txt}, one name a line, made from pg_proc), and
 * what is to be said of those that matter to a router.
 *
 * <p>A name is harmless if every function of that name in pg_catalog is immutable or stable, less {@link #blocked}, plus {@link #EXTRA}.
 */
final class KnownFunctions {
    /** Volatile, but only in that they answer otherwise each time. The sampling methods are called so behind TABLESAMPLE. */
    static final Set<String> EXTRA = Set.of(
            "random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7", "clock_timestamp", "timeofday", "pg_sleep", "pg_sleep_for", "pg_sleep_until");

    /** Stable by declaration, with an effect or an answer that is not the data's. */
    private static final Set<String> BLOCKED = Set.of(
            "current_setting", "inet_client_addr", "inet_client_port", "inet_server_addr", "inet_server_port", "mxid_age", "pg_backend_pid",
            "pg_conf_load_time", "pg_config", "pg_current_snapshot", "pg_current_xact_id", "pg_current_xact_id_if_assigned", "pg_cursor",
            "pg_extension_update_paths", "pg_get_replication_slots", "pg_is_other_temp_schema", "pg_listening_channels", "pg_my_temp_schema",
            "pg_postmaster_start_time", "pg_prepared_statement", "pg_show_all_settings", "pg_tablespace_databases", "pg_tablespace_location", "version");

    private static final List<String> BLOCKED_BEGINNINGS = List.of("pg_stat_", "pg_available_", "pg_event_trigger_", "pg_replication_", "pg_walfile_", "pg_logical_", "txid_current", "dblink", "lo_", "postgres_fdw_");
    /** query_to_xml and its kin, which run SQL that stands in a string, or read tables that it names. */
    private static final String RUNS_TEXT = "_to_xml";

    private static final String WRITES = "which writes";
    private static final String LOCKS = "which takes a lock";
    private static final String SESSION = "which asks what its session did before";
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("nextval", WRITES),
            Map.entry("setval", WRITES),
            Map.entry("currval", SESSION),
            Map.entry("lastval", SESSION),
            Map.entry("pg_notify", "which notifies other sessions"),
            Map.entry("set_config", "which changes a setting"),
            Map.entry("current_setting", "which may ask a server about itself"),
            Map.entry("pg_current_xact_id", WRITES),
            Map.entry("txid_current", WRITES),
            Map.entry("pg_terminate_backend", "which ends another session"),
            Map.entry("pg_cancel_backend", "which ends another session's statement"),
            Map.entry("setseed", "which changes what random answers in its session"));

    private static final Set<String> TRANSACTION_TIME = Set.of("now", "transaction_timestamp");
    private static final Set<String> SESSION_LOCKS = Set.of("pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock", "pg_try_advisory_lock_shared");
    private static final Set<String> STAYS_BEHIND = Set.of("setseed", "dblink_connect", "dblink_connect_u", "dblink_open", "pg_replication_origin_session_setup");

    private static final Set<String> HARMLESS = load();

    private KnownFunctions() {}

    static boolean harmless(String name) {
        return HARMLESS.contains(name);
    }

    /** Never harmless, whatever pg_proc or a catalogue says of it. */
    static boolean blocked(String name) {
        return BLOCKED.contains(name) || name.contains(RUNS_TEXT) || BLOCKED_BEGINNINGS.stream().anyMatch(name::startsWith);
    }

    /** Why a call of it is no proved read. */
    static String whyNot(String name) {
        String known = KNOWN.get(name);
        if (known == null && name.contains("advisory_")) {
            known = LOCKS;
        }
        if (known == null) {
            known = blocked(name) ? "whose answer is not the data's alone" : "of which it is not known that it only reads";
        }
        return "calls " + name + ", " + known;
    }

    static boolean asksTransactionTime(String name) {
        return TRANSACTION_TIME.contains(name);
    }

    /** {@link Pin} bits of what a call leaves in its session. */
    static int pins(String name) {
        if (SESSION_LOCKS.contains(name)) {
            return Pin.ADVISORY_LOCK.bit();
        }
        return STAYS_BEHIND.contains(name) ? Pin.OTHER.bit() : 0;
    }

    private static Set<String> load() {
        try (InputStream in = KnownFunctions.class.getResourceAsStream("harmless-functions.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
