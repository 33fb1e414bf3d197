package dev.banyan.postgres.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * PostgreSQL's own functions: which only compute or read (the resource {@code harmless-functions.txt}, one name a line, made from pg_proc by
 * the rules of {@code function-rules.txt}), and what is to be said of those that matter to a router.
 */
final class KnownFunctions {
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

    private static final Set<String> HARMLESS = Set.copyOf(lines("harmless-functions.txt"));
    private static final Predicate<String> BLOCKED = Pattern.compile(lines("function-rules.txt").stream()
            .filter(line -> line.startsWith("- "))
            .map(line -> line.substring(2).replace("*", ".*"))
            .collect(Collectors.joining("|"))).asMatchPredicate();

    private KnownFunctions() {}

    static boolean harmless(String name) {
        return HARMLESS.contains(name);
    }

    /** Never harmless, whatever pg_proc or a catalogue says of it. */
    static boolean blocked(String name) {
        return BLOCKED.test(name);
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

    private static List<String> lines(String resource) {
        try (InputStream in = KnownFunctions.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
