package dev.banyan.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The calls of set_config and current_setting in a statement. What set_config sets is known where literals say it and nothing decides whether
 * it runs: {@code SELECT set_config('name', 'value', false), ...} with no other clause.
 */
final class SettingCalls {
    private static final Set<String> CLAUSES = Set.of("from", "where", "group", "having", "window", "union", "intersect", "except", "order", "limit", "offset", "fetch", "for", "into", "with", "distinct", "values");

    private final Tokens tokens;
    private final List<SettingChange> changes = new ArrayList<>();
    private final List<Piece> arguments = new ArrayList<>();
    private boolean reading;
    private boolean setting;
    private boolean sure;
    private int depth;
    private boolean plain = true;
    private boolean begun;
    private boolean unknown;
    private boolean any;
    private boolean asksServer;

    SettingCalls(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The next token is the opening parenthesis of a call. */
    void begin(String function, Piece lead) {
        any = true;
        if (reading) {
            ended(); // within the arguments of another: those are no literals
        }
        setting = function.equals("set_config");
        sure = lead.word("select") || lead.mark(',');
        reading = true;
        depth = -1;
        arguments.clear();
    }

    void take(Piece piece, int level) {
        if (level == 0 && piece.kind() == Token.WORD) {
            plain &= begun ? !CLAUSES.contains(piece.text()) : piece.text().equals("select");
            begun = true;
        }
        if (!reading) {
            return;
        }
        if (depth < 0) {
            depth = level;
            return;
        }
        if (piece.mark(')') && level == depth + 1) {
            ended();
        } else if (arguments.size() < 8) {
            arguments.add(piece);
        }
    }

    /** The reading depends on what stands in literals. */
    boolean any() {
        return any;
    }

    /** A current_setting asks, or may ask, for a setting that is a server's own. */
    boolean asksServer() {
        return asksServer;
    }

    List<SettingChange> changes() {
        return plain && !unknown ? List.copyOf(changes) : List.of();
    }

    int pins() {
        boolean stays = changes.stream().anyMatch(c -> !c.local());
        return unknown || stays && !plain ? Pin.UNKNOWN_SETTING.bit() : 0;
    }

    private void ended() {
        reading = false;
        if (setting) {
            set();
        } else {
            Optional<String> name = arguments.isEmpty() ? Optional.empty() : tokens.plain(arguments.getFirst());
            boolean whole = arguments.size() == 1 || arguments.size() > 1 && arguments.get(1).mark(',');
            asksServer |= name.isEmpty() || !whole || !SessionSettings.follows(name.get().toLowerCase(Locale.ROOT));
        }
    }

    private void set() {
        boolean three = arguments.size() == 5 && arguments.get(1).mark(',') && arguments.get(3).mark(',');
        if (!three) {
            boolean local = arguments.size() < 8 && arguments.size() > 2 && arguments.getLast().word("true") && arguments.get(arguments.size() - 2).mark(',');
            unknown |= !local;
            return;
        }
        boolean local = arguments.get(4).word("true");
        if (local && depth > 0) {
            return;
        }
        Optional<String> name = tokens.plain(arguments.get(0)).map(n -> n.toLowerCase(Locale.ROOT));
        Optional<String> value = name.flatMap(n -> tokens.plain(arguments.get(2)).flatMap(v -> SettingValue.ofText(n, v)));
        if (value.isEmpty() || !local && !arguments.get(4).word("false") || !sure || depth > 0) {
            unknown |= !local;
        } else {
            changes.add(new SettingChange(name.get(), value.get(), local));
        }
    }
}
