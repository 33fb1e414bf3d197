package dev.banyan.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a text's statements one after the other and says what they are together. Linear in the text's length, never recursive. */
final class TextReader {
    /** So many are read; a text of more is a write that leaves who knows what. */
    private static final int MOST_STATEMENTS = 10_000;

    private final Lexer lexer = new Lexer();

    /**
     * @param statement what was read
     * @param ofLiterals it may be another for a text that differs in literals only
     */
    record Read(Statement statement, boolean ofLiterals) {}

    Read read(byte[] bytes, int from, int to, boolean standardStrings, Fingerprint fingerprint, long value, Catalogue catalogue) {
        Tokens tokens = new Tokens(lexer, bytes, from, to, standardStrings);
        List<Reading> readings = readings(tokens, catalogue);
        Reading whole = switch (readings.size()) {
            case 0 -> Reading.of(Verb.EMPTY, "");
            case 1 -> readings.getFirst();
            default -> together(readings);
        };
        Statement statement = new Statement(
                value, whole.verb(), readings.size(), whole.readsOnly(), whole.whyNot(), whole.pins(), whole.settings(), whole.name(), whole.begin(),
                whole.transactionTime() || fingerprint.timeWord(), whole.cursor(), fingerprint.hint());
        return new Read(statement, whole.ofLiterals());
    }

    private static List<Reading> readings(Tokens tokens, Catalogue catalogue) {
        List<Reading> readings = new ArrayList<>();
        StatementScan scan = new StatementScan(tokens, catalogue);
        boolean advanced = false;
        for (Piece piece = tokens.next(); piece.kind() != Token.END; piece = tokens.next()) {
            if (!piece.mark(';') || !scan.endsAtSemicolon()) {
                scan.take(piece, tokens.ahead());
                continue;
            }
            if (!scan.empty()) {
                readings.add(scan.reading(advanced));
                advanced |= scan.advancesSequence();
                scan = new StatementScan(tokens, catalogue);
            }
            if (readings.size() == MOST_STATEMENTS) {
                return List.of(Reading.of(Verb.OTHER, "has " + MOST_STATEMENTS + " statements or more, which are not read").pinned(Pin.UNREAD.bit()));
            }
        }
        if (!scan.empty()) {
            readings.add(scan.reading(advanced));
        }
        return readings;
    }

    private static Reading together(List<Reading> readings) {
        String whyNot = "";
        int pins = 0;
        boolean time = false;
        boolean cursor = false;
        boolean ofLiterals = false;
        boolean undoes = false;
        List<SettingChange> settings = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            Reading reading = readings.get(i);
            if (whyNot.isEmpty() && !reading.readsOnly()) {
                whyNot = "statement " + (i + 1) + " of " + readings.size() + " " + reading.whyNot();
            }
            pins |= reading.pins();
            time |= reading.transactionTime();
            cursor |= reading.cursor();
            ofLiterals |= reading.ofLiterals();
            settings.addAll(reading.settings());
            undoes |= reading.verb() == Verb.ROLLBACK || reading.verb() == Verb.SAVEPOINT;
        }
        pins |= undoes && !settings.isEmpty() ? Pin.UNKNOWN_SETTING.bit() : 0;
        return new Reading(Verb.OTHER, whyNot, pins, List.copyOf(settings), "", Optional.empty(), time, cursor, ofLiterals);
    }
}
