package dev.banyan.postgres;

import dev.banyan.postgres.sql.SettingChange;
import dev.banyan.postgres.sql.Statement.Hint;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings that are the router's own: {@code banyan.lsn}, what the session must see, and {@code banyan.route}, where its reads go. They take
 * effect at once, and no transaction undoes them: what was seen was seen. Owned by one session.
 */
final class OwnSettings {
    private static final String PREFIX = "banyan.";
    static final String LSN = PREFIX + "lsn";
    private static final String ROUTE = PREFIX + "route";

    private final Seen seen;
    private Optional<Hint> route = Optional.empty();

    OwnSettings(Seen seen) {
        this.seen = seen;
    }

    static boolean has(String setting) {
        return setting.startsWith(PREFIX);
    }

    /** Where the application asked reads to go; empty for wherever they may. */
    Optional<Hint> route() {
        return route;
    }

    /** Takes a change of one of them; others are the server's. */
    void change(SettingChange change, long nowNanos) {
        String value = bare(change.value());
        switch (change.name()) {
            case LSN -> Lsn.parse(value).ifPresent(lsn -> seen.require(lsn, nowNanos));
            case ROUTE -> route = switch (value.toLowerCase(Locale.ROOT)) {
                case "primary" -> Optional.of(Hint.PRIMARY);
                case "replica" -> Optional.of(Hint.REPLICA);
                default -> Optional.empty();
            };
            default -> { /* the server's */ }
        }
    }

    private static String bare(String value) {
        return value.replaceAll("^\\s*[eE]?'|'\\s*$", "").strip();
    }

    /** What SHOW answers; empty for one that there is not. */
    String value(String setting) {
        return switch (setting) {
            case LSN -> Lsn.format(seen.position());
            case ROUTE -> route.map(hint -> hint.name().toLowerCase(Locale.ROOT)).orElse("auto");
            default -> "";
        };
    }

    /** The statement by which any server answers the SHOW. */
    String asSelect(String setting) {
        return "SELECT " + SessionSettings.literal(value(setting)) + "::pg_catalog.text AS \"" + setting.replace("\"", "\"\"") + "\"";
    }
}
