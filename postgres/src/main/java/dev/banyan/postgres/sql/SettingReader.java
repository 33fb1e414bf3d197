package dev.banyan.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads SET and RESET (manual: SET, SET ROLE, SET SESSION AUTHORIZATION, SET TRANSACTION, RESET; gram.y, VariableSetStmt). */
final class SettingReader {
    private static final Pattern OFFSET = Pattern.compile("'\\s*([+-]?)(\\d{1,2})(?::?(\\d{2}))?\\s*'");

    private final Tokens tokens;
    private final List<Piece> pieces;
    private final List<SettingChange> changes = new ArrayList<>();
    private boolean unknown;
    private boolean local;

    /** @param whole whether the pieces are all of the statement */
    SettingReader(Tokens tokens, List<Piece> pieces, boolean whole) {
        this.tokens = tokens;
        this.pieces = pieces;
        if (word(0, "set")) {
            set();
        } else if (word(0, "reset")) {
            reset();
        }
        if (!whole) {
            changes.clear();
            unknown = true;
        }
    }

    List<SettingChange> changes() {
        return List.copyOf(changes);
    }

    int pins() {
        int pins = unknown && !local ? Pin.UNKNOWN_SETTING.bit() : 0;
        boolean temporary = changes.stream().anyMatch(c -> c.name().equals("search_path") && c.value().matches("[\"']?pg_temp\\b.*"));
        return temporary ? pins | Pin.TEMPORARY_TABLE.bit() : pins; // what is created without a schema is temporary then
    }

    private void set() {
        int at = 1;
        if (word(1, "local") || word(1, "session") && !word(2, "authorization") && !word(2, "characteristics") && !assigned(2)) {
            local = word(1, "local");
            at = 2;
        }
        if (word(at, "transaction") && !assigned(at + 1) || word(at, "constraints") && !assigned(at + 1)) {
            return;
        }
        if (word(at, "session") && word(at + 1, "characteristics")) {
            characteristics(at + 4);
        } else if (word(at, "session") && word(at + 1, "authorization")) {
            change("session_authorization", at + 2);
        } else if (!special(at)) {
            ordinary(at);
        }
    }

    private boolean special(int at) {
        if (assigned(at + 1) || piece(at + 1).mark('.')) {
            return false;
        }
        if (word(at, "time") && word(at + 1, "zone")) {
            timeZone(at + 2);
        } else if (word(at, "names")) {
            change("client_encoding", at + 1);
        } else if (word(at, "schema")) {
            change("search_path", at + 1);
        } else if (word(at, "role")) {
            change("role", at + 1);
        } else if (word(at, "xml") && word(at + 1, "option")) {
            change("xmloption", at + 2);
        } else {
            return false;
        }
        return true;
    }

    private void ordinary(int at) {
        int behind = nameEnd(at);
        if (behind == at || !assigned(behind)) {
            unknown = true; // FROM CURRENT, or what PostgreSQL refuses
            return;
        }
        change(name(at, behind), behind + 1);
    }

    private void change(String name, int from) {
        if (from >= pieces.size()) {
            if (name.equals("client_encoding")) {
                changes.add(new SettingChange(name, "DEFAULT", local));
            } else {
                unknown = true;
            }
            return;
        }
        Optional<String> value = value(from);
        value.ifPresentOrElse(v -> changes.add(new SettingChange(name, v, local)), () -> unknown = true);
    }

    private Optional<String> value(int from) {
        StringBuilder value = new StringBuilder();
        for (Piece piece : pieces.subList(from, pieces.size())) {
            Optional<String> written = written(piece);
            if (written.isEmpty()) {
                return Optional.empty();
            }
            boolean sign = value.toString().endsWith("-") || value.toString().endsWith("+");
            value.append(value.isEmpty() || sign || piece.mark(',') ? "" : " ").append(written.get());
        }
        return Optional.of(value.toString());
    }

    /** As it stands, except that a plain string with backslashes would mean something else under another standard_conforming_strings. */
    private Optional<String> written(Piece piece) {
        return tokens.written(piece).flatMap(text -> {
            if (!text.startsWith("'") || text.indexOf('\\') < 0) {
                return Optional.of(text);
            }
            return Optional.of(tokens.standardStrings() ? "E" + text.replace("\\", "\\\\") : "E" + text);
        });
    }

    private void timeZone(int at) {
        if (word(at, "local")) {
            changes.add(new SettingChange("timezone", "DEFAULT", local));
        } else if (word(at, "interval")) {
            interval(at + 1);
        } else {
            change("timezone", at);
        }
    }

    /** INTERVAL '-08:00' HOUR TO MINUTE, which SET TO does not accept: PostgreSQL itself shows it as {@code <-08>+08} (POSIX, west is positive). */
    private void interval(int at) {
        Matcher offset = OFFSET.matcher(tokens.written(piece(at)).orElse(""));
        boolean hours = at + 1 == pieces.size() ? offset.matches() && offset.group(3) != null : word(at + 1, "hour");
        if (!offset.matches() || !hours) {
            unknown = true;
            return;
        }
        String minutes = offset.group(3) == null || offset.group(3).equals("00") ? "" : ":" + offset.group(3);
        String shown = "%02d".formatted(Integer.parseInt(offset.group(2))) + minutes;
        boolean west = offset.group(1).equals("-");
        changes.add(new SettingChange("timezone", "'<" + (west ? "-" : "+") + shown + ">" + (west ? "+" : "-") + shown + "'", local));
    }

    private void characteristics(int at) {
        TransactionModes modes = TransactionModes.read(pieces, at);
        modes.isolation().ifPresent(i -> changes.add(new SettingChange("default_transaction_isolation", "'" + i.name().toLowerCase(Locale.ROOT).replace('_', ' ') + "'", false)));
        modes.readOnly().ifPresent(r -> changes.add(new SettingChange("default_transaction_read_only", r ? "on" : "off", false)));
        modes.deferrable().ifPresent(d -> changes.add(new SettingChange("default_transaction_deferrable", d ? "on" : "off", false)));
        unknown = !modes.understood();
    }

    private void reset() {
        if (word(1, "all")) {
            changes.add(new SettingChange("*", "", false));
        } else if (word(1, "time") && word(2, "zone")) {
            changes.add(new SettingChange("timezone", "", false));
        } else if (word(1, "session") && word(2, "authorization")) {
            changes.add(new SettingChange("session_authorization", "", false));
        } else if (!(word(1, "transaction") && word(2, "isolation"))) {
            int behind = nameEnd(1);
            if (behind > 1) {
                changes.add(new SettingChange(name(1, behind), "", false));
            }
        }
    }

    /** Behind a name as {@code a} or {@code a.b.c}; the same place where none begins. */
    private int nameEnd(int from) {
        int at = from;
        while (piece(at).name() && piece(at + 1).mark('.')) {
            at += 2;
        }
        return piece(at).name() ? at + 1 : from;
    }

    private String name(int from, int behind) {
        StringBuilder name = new StringBuilder();
        pieces.subList(from, behind).forEach(p -> name.append(p.text()));
        return name.toString().toLowerCase(Locale.ROOT); // settings' names have no case, not even in quotes
    }

    private boolean assigned(int at) {
        return word(at, "to") || piece(at).operator("=");
    }

    private boolean word(int at, String word) {
        return piece(at).word(word);
    }

    private Piece piece(int at) {
        return at < pieces.size() ? pieces.get(at) : Piece.NONE;
    }
}
