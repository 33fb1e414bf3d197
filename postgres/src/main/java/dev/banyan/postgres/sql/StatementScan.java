package dev.banyan.postgres.sql;

import dev.banyan.postgres.sql.Statement.Begin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Takes the tokens of one statement and says what it is. Keeps only its first ones; the rest passes by the {@link ReadProof}. */
final class StatementScan {
    /** So many tokens are kept: SET and the other small statements are read from them. */
    private static final int KEPT = 500;

    private static final Set<String> QUERIES = Set.of("select", "values", "table", "with");
    private static final Set<String> WITH_BODY = Set.of("function", "procedure", "rule", "trigger", "policy");

    private static final Set<String> BEFORE_TEMPORARY = Set.of("create", "local", "global", "replace");

    private final Tokens tokens;
    private final ReadProof proof;
    private final List<Piece> kept = new ArrayList<>();
    private int count;
    private int bodyDepth;
    private Piece first = Piece.NONE;
    private Piece previous = Piece.NONE;
    private boolean holds;
    private boolean currentOf;
    private boolean dropsOnCommit;
    private int copyBehind = -1;
    private boolean toStdout;

    StatementScan(Tokens tokens, Catalogue catalogue) {
        this.tokens = tokens;
        this.proof = new ReadProof(tokens, catalogue);
    }

    boolean empty() {
        return count == 0;
    }

    /** Whether a semicolon here is the statement's end: not within parentheses (CREATE RULE) or a body as BEGIN ATOMIC ... END. */
    boolean endsAtSemicolon() {
        return proof.depth() <= 0 && bodyDepth == 0;
    }

    void take(Piece piece, Piece ahead) {
        if (first == Piece.NONE && !piece.mark('(')) {
            first = piece;
        }
        if (count++ < KEPT) {
            kept.add(piece);
        }
        if (piece.kind() == Token.WORD) {
            word(piece);
        }
        if (copyBehind < 0) {
            proof.take(piece, ahead);
        }
        if (first.word("copy") && proof.depth() == 0 && piece.word("to")) {
            copyBehind = count;
            toStdout = ahead.word("stdout");
        }
        previous = piece;
    }

    /** @param sequenceAdvanced an earlier statement of the text inserts or calls nextval */
    Reading reading(boolean sequenceAdvanced) {
        Reading reading = first.kind() == Token.WORD ? ofWord(first.text()) : Reading.of(Verb.OTHER, "does not begin as a statement does");
        reading = reading.timed(proof.transactionTime());
        if (!runsItsCalls()) {
            return currentOf ? reading.withCursor() : reading;
        }
        if (proof.asksSequence() && !sequenceAdvanced) {
            reading = reading.pinned(Pin.SEQUENCE.bit());
        }
        SettingCalls calls = proof.settingCalls();
        if (!calls.changes().isEmpty()) {
            reading = reading.setting(calls.changes());
        }
        return (currentOf ? reading.withCursor() : reading).pinned(proof.pins()).ofLiterals(calls.any());
    }

    /** See {@link ReadProof#advancesSequence}. */
    boolean advancesSequence() {
        return proof.advancesSequence();
    }

    private void word(Piece piece) {
        String word = piece.text();
        holds |= word.equals("hold") && previous.word("with");
        currentOf |= word.equals("of") && previous.word("current");
        dropsOnCommit |= word.equals("drop") && previous.word("commit");
        if (first.word("create")) {
            body(word);
        }
    }

    /** Follows BEGIN ATOMIC ... END of a function's body in SQL, with the CASE ... END within. */
    private void body(String word) {
        if (word.equals("atomic") && previous.word("begin") || bodyDepth > 0 && word.equals("case")) {
            bodyDepth++;
        } else if (bodyDepth > 0 && word.equals("end")) {
            bodyDepth--;
        }
    }

    private Reading ofWord(String word) {
        if (QUERIES.contains(word)) {
            return query();
        }
        return switch (word) {
            case "begin" -> begin(1);
            case "start" -> begin(2);
            case "commit", "end" -> at(1).word("prepared") ? twoPhase() : Reading.of(Verb.COMMIT, "ends a transaction").named(chained(1));
            case "rollback" -> at(1).word("prepared") ? twoPhase() : rollback();
            case "abort" -> rollback();
            case "savepoint", "release" -> Reading.of(Verb.SAVEPOINT, "is part of a transaction");
            case "prepare" -> at(1).word("transaction") ? twoPhase() : Reading.of(Verb.OTHER, "PREPARE leaves a statement in its session").pinned(Pin.PREPARED_BY_SQL.bit());
            case "set", "reset" -> setting(word);
            case "show" -> show();
            case "explain" -> explain();
            case "copy" -> copy();
            default -> ofSession(word);
        };
    }

    private Reading ofSession(String word) {
        return switch (word) {
            case "discard" -> at(1).word("all") ? Reading.of(Verb.DISCARD_ALL, "DISCARD ALL changes its session") : other("changes its session");
            case "deallocate" -> Reading.of(Verb.DEALLOCATE, "DEALLOCATE changes its session").named(deallocated());
            case "listen" -> other("makes its session listen").pinned(Pin.LISTEN.bit());
            case "load" -> other("loads a library into its session").pinned(Pin.OTHER.bit());
            case "declare" -> other("makes a cursor").withCursor().pinned(holds ? Pin.HOLDABLE_CURSOR.bit() : 0);
            case "fetch", "move", "close" -> other("uses a cursor of its session").withCursor();
            case "execute" -> other("runs a prepared statement that is not read here");
            case "do" -> other("runs a block that is not read here").pinned(SessionBlock.pins(tokens, kept)).ofLiterals(true);
            case "call" -> other("runs a procedure, which may write");
            case "create" -> other("writes").pinned(temporary() ? Pin.TEMPORARY_TABLE.bit() : 0);
            default -> other("is not a query");
        };
    }

    private Reading other(String reason) {
        return Reading.of(Verb.OTHER, first.text().toUpperCase(Locale.ROOT) + " " + reason);
    }

    private Reading query() {
        return Reading.of(first.word("with") && proof.writesItself() ? Verb.OTHER : Verb.QUERY, proved());
    }

    private String proved() {
        return proof.whyNot().isEmpty() && proof.settingCalls().asksServer() ? "calls current_setting, which may ask a server about itself" : proof.whyNot();
    }

    private Reading begin(int from) {
        int at = at(from).word("work") || first.word("begin") && at(from).word("transaction") ? from + 1 : from;
        TransactionModes modes = TransactionModes.read(kept, at);
        return Reading.of(Verb.BEGIN, "begins a transaction").beginning(new Begin(modes.readOnly(), modes.isolation()));
    }

    private Reading rollback() {
        int at = at(1).word("work") || at(1).word("transaction") ? 2 : 1;
        return at(at).word("to") ? Reading.of(Verb.SAVEPOINT, "is part of a transaction") : Reading.of(Verb.ROLLBACK, "ends a transaction").named(chained(at));
    }

    private String chained(int from) {
        int and = at(from).word("work") || at(from).word("transaction") ? from + 1 : from;
        return at(and).word("and") && at(and + 1).word("chain") ? "chain" : "";
    }

    private Reading twoPhase() {
        return Reading.of(Verb.TWO_PHASE, "is part of a two-phase commit");
    }

    private Reading setting(String word) {
        SettingReader reader = new SettingReader(tokens, kept, count <= KEPT);
        return Reading.of(word.equals("set") ? Verb.SET : Verb.RESET, word.toUpperCase(Locale.ROOT) + " changes its session").setting(reader.changes()).pinned(reader.pins());
    }

    private Reading show() {
        String name;
        if (at(1).word("time") && at(2).word("zone")) {
            name = "timezone";
        } else if (at(1).word("transaction") && at(2).word("isolation")) {
            name = "transaction_isolation";
        } else if (at(1).word("session") && at(2).word("authorization")) {
            name = "session_authorization";
        } else {
            StringBuilder parts = new StringBuilder();
            kept.stream().skip(1).limit(9).forEach(p -> parts.append(p.text()));
            name = parts.toString().toLowerCase(Locale.ROOT);
        }
        String whyNot = proof.whyNot().isEmpty() && !SessionSettings.follows(name) ? "SHOW " + name + " asks a server about itself" : proof.whyNot();
        return Reading.of(Verb.SHOW, whyNot).named(name);
    }

    /** Without ANALYZE nothing runs; with it, what is behind it does. */
    private Reading explain() {
        int behind = Explain.options(kept);
        boolean query = behind < kept.size() && QUERIES.contains(Explain.firstWord(kept, behind));
        if (Explain.analyzes(kept, behind)) {
            return query && !proof.writesItself() ? query() : Reading.of(Verb.OTHER, "EXPLAIN ANALYZE runs what it explains");
        }
        boolean broken = !proof.whyNot().isEmpty() && proof.whyNot().startsWith("has a");
        if (broken) {
            return Reading.of(Verb.QUERY, proof.whyNot());
        }
        return Reading.of(Verb.QUERY, Explain.firstWord(kept, behind).equals("execute") ? "explains a prepared statement of its session" : "");
    }

    private Reading copy() {
        if (copyBehind < 0 || !toStdout) {
            return Reading.of(Verb.COPY, copyBehind < 0 ? "COPY ... FROM writes" : "COPY to a file or program is not a read");
        }
        return Reading.of(Verb.COPY, proved());
    }

    private String deallocated() {
        Piece name = at(1).word("prepare") && count > 2 ? at(2) : at(1);
        return name.word("all") ? "" : name.text();
    }

    /** CREATE TEMP ..., CREATE ... pg_temp.x; not with ON COMMIT DROP, which leaves nothing behind its transaction. */
    private boolean temporary() {
        for (int i = 1; i < Math.min(kept.size(), 8); i++) {
            Piece piece = kept.get(i);
            if (piece.mark('(') || piece.word("as")) {
                break;
            }
            if (BEFORE_TEMPORARY.contains(at(i - 1).text()) && (piece.word("temp") || piece.word("temporary")) || piece.name() && piece.text().equals("pg_temp") && at(i + 1).mark('.')) {
                return !dropsOnCommit;
            }
        }
        return false;
    }

    /** Whether the functions that the statement names are called when it runs, and not later or never. */
    private boolean runsItsCalls() {
        if (first.word("explain")) {
            return Explain.analyzes(kept, Explain.options(kept));
        }
        if (first.word("create")) {
            return kept.stream().limit(8).noneMatch(p -> p.kind() == Token.WORD && (WITH_BODY.contains(p.text()) || p.text().equals("view") && !kept.get(1).word("materialized")));
        }
        return !first.word("alter") && !first.word("prepare");
    }

    private Piece at(int i) {
        return i < kept.size() ? kept.get(i) : Piece.NONE;
    }
}
