package dev.banyan.postgres.sql;

import java.util.Locale;
import java.util.Set;

/**
 * Follows one statement token by token and looks for whatever would keep it from only reading. It knows PostgreSQL's grammar as far as telling
 * a function call from an alias, a type or a construct of the language; where it cannot tell, it takes it for a call of an unknown function.
 * Operators, casts and types are taken at their word: that their functions do not write is a rule of PostgreSQL's own manual.
 */
final class ReadProof {
    private static final Set<String> WRITERS = Set.of("insert", "update", "delete", "merge");
    private static final Set<String> NOW_WORDS = Set.of("current_timestamp", "current_date", "current_time", "localtime", "localtimestamp");
    private static final Set<String> ENDS_FROM = Set.of("where", "having", "window", "order", "limit", "offset", "fetch", "union", "except", "intersect");

    /** Stands for a qualifier of more than one name. */
    private static final String MANY = "*.*";

    private final Catalogue catalogue;
    private final Levels levels = new Levels();
    private final SettingCalls settingCalls;
    private String whyNot = "";
    private int pins;
    private boolean transactionTime;
    private boolean writesItself;
    private boolean inserts;
    private boolean takesNext;
    private boolean asksSequence;
    private Piece previous = Piece.NONE;
    private Piece beforePrevious = Piece.NONE;
    private boolean operandClosed;
    /** What stood before the qualified name that is being read, and its qualifiers. */
    private Piece lead = Piece.NONE;
    private boolean leadIsOperand;
    private String qualifier = "";
    private int nextLevel;
    private Piece verb = Piece.NONE;

    ReadProof(Tokens tokens, Catalogue catalogue) {
        this.catalogue = catalogue;
        this.settingCalls = new SettingCalls(tokens);
    }

    /** Why it is not proved that the statement, as a query, only reads; empty when it is. */
    String whyNot() {
        return !whyNot.isEmpty() || levels.depth() == 0 ? whyNot : "has a parenthesis that does not end";
    }

    /** {@link Pin} bits of the functions that it calls. */
    int pins() {
        return pins | settingCalls.pins();
    }

    boolean transactionTime() {
        return transactionTime;
    }

    SettingCalls settingCalls() {
        return settingCalls;
    }

    /** It is itself an INSERT, UPDATE, DELETE or MERGE, behind WITH perhaps. */
    boolean writesItself() {
        return writesItself;
    }

    /** It inserts or calls nextval, so that lastval behind it in one text is answered by the session that knows. */
    boolean advancesSequence() {
        return inserts || takesNext;
    }

    /** It calls currval or lastval, and not nextval beside it. */
    boolean asksSequence() {
        return asksSequence && !takesNext;
    }

    int depth() {
        return levels.depth();
    }

    void take(Piece piece, Piece ahead) {
        if (verb == Piece.NONE && !piece.mark('(')) {
            verb = piece;
        }
        settingCalls.take(piece, levels.depth());
        switch (piece.kind()) {
            case Token.WORD, Token.QUOTED -> name(piece, ahead);
            case Token.UNICODE_QUOTED -> because("has a name as U&\"...\", which is not read");
            case Token.MARK -> mark(piece);
            case Token.BAD -> because("has a character or an open quote that PostgreSQL refuses");
            default -> { }
        }
        beforePrevious = previous;
        previous = piece;
    }

    private void mark(Piece piece) {
        switch (piece.text().charAt(0)) {
            case '(' -> {
                levels.open(nextLevel | (joins() ? Levels.FROM : 0));
                nextLevel = 0;
                if (levels.tooDeep()) {
                    because("is nested deeper than " + Levels.DEEPEST + " parentheses");
                }
            }
            case ')' -> close();
            case ',' -> levels.clear(Levels.ON | Levels.AGE);
            case '[' -> operandClosed = false;
            case ']' -> operandClosed = true;
            default -> { }
        }
    }

    /** Whether a parenthesis here, in the table list, holds more of it: {@code FROM (a JOIN b ON ...)}. A query in it is one anew. */
    private boolean joins() {
        return levels.has(Levels.FROM) && !levels.has(Levels.ON) && (previous.word("from") || previous.word("join") || previous.mark(',') || previous.mark('('));
    }

    private void close() {
        if (levels.depth() == 0) {
            because("has a parenthesis that does not begin");
            return;
        }
        int closed = levels.close();
        transactionTime |= (closed & Levels.AGE) != 0;
        operandClosed = (closed & Levels.LEADS_ON) == 0;
    }

    private void name(Piece piece, Piece ahead) {
        boolean qualified = previous.mark('.');
        if (!qualified) {
            lead = previous;
            leadIsOperand = operandBefore();
            qualifier = "";
        }
        if (ahead.mark('(')) {
            call(piece, qualified);
        } else {
            reference(piece, qualified);
        }
        if (!qualified && piece.kind() == Token.WORD) {
            keyword(piece.text(), ahead);
        }
        if (ahead.mark('.')) {
            qualifier = qualified ? MANY : piece.text();
        }
    }

    private boolean operandBefore() {
        return switch (previous.kind()) {
            case Token.WORD -> Keywords.mayEndOperand(previous.text());
            case Token.QUOTED, Token.UNICODE_QUOTED, Token.STRING, Token.NUMBER, Token.PARAMETER -> true;
            case Token.MARK -> (previous.mark(')') || previous.mark(']')) && operandClosed;
            default -> false;
        };
    }

    /** A name that is not called: a column, a relation, a word. */
    private void reference(Piece piece, boolean qualified) {
        String name = piece.text();
        if (PrimaryRelations.contains(name)) {
            because("names " + name + ", which a server answers about itself");
        } else if (catalogue.primaryRelations().contains(name)) {
            because("names " + name + ", a sequence or unlogged table, which a replica does not have");
        } else if (qualified && catalogue.volatileFunctions().contains(name)) {
            because("names ." + name + ", which may call the function " + name + " on a row");
        }
    }

    private void keyword(String word, Piece ahead) {
        if (WRITERS.contains(word) && !lead.word("for") && !lead.word("key")) {
            writesItself |= levels.depth() == 0;
            inserts |= word.equals("insert") || word.equals("merge");
            because("has " + word.toUpperCase(Locale.ROOT));
        } else if (ENDS_FROM.contains(word)) {
            levels.clear(Levels.FROM | Levels.ON | Levels.WITH | Levels.GROUP);
        } else if (NOW_WORDS.contains(word)) {
            transactionTime = true;
        } else {
            clause(word, ahead);
        }
    }

    private void clause(String word, Piece ahead) {
        switch (word) {
            case "select", "values", "table" -> {
                levels.clear(Levels.FROM | Levels.ON | Levels.WITH | Levels.GROUP);
                levels.set(Levels.SELECT);
            }
            case "with" -> {
                if (lead == Piece.NONE || lead.mark('(') || levels.depth() == 0 && verb.word("explain") && !levels.has(Levels.SELECT)) {
                    levels.set(Levels.WITH);
                }
            }
            case "from" -> {
                if (levels.has(Levels.SELECT) && !lead.word("distinct")) {
                    levels.clear(Levels.ON | Levels.GROUP);
                    levels.set(Levels.FROM);
                }
            }
            case "on" -> {
                if (levels.has(Levels.FROM)) {
                    levels.set(Levels.ON);
                }
            }
            case "join" -> levels.clear(Levels.ON);
            case "group" -> {
                if (!lead.word("within")) {
                    levels.clear(Levels.FROM | Levels.ON);
                    levels.set(Levels.GROUP);
                }
            }
            case "for" -> locking(ahead);
            case "into" -> into(ahead);
            default -> { }
        }
    }

    private void locking(Piece ahead) {
        if (ahead.word("update") || ahead.word("share") || ahead.word("no") || ahead.word("key")) {
            because("SELECT ... FOR " + (ahead.word("share") ? "SHARE" : ahead.word("key") ? "KEY SHARE" : ahead.word("no") ? "NO KEY UPDATE" : "UPDATE") + " locks rows");
        }
    }

    private void into(Piece ahead) {
        because("SELECT ... INTO makes a table");
        if (verb.word("select") || verb.word("with")) {
            if (ahead.word("temp") || ahead.word("temporary") || ahead.word("local") || ahead.name() && ahead.text().equals("pg_temp")) {
                pins |= Pin.TEMPORARY_TABLE.bit();
            }
        }
    }

    private void call(Piece piece, boolean qualified) {
        String name = piece.text();
        if (!qualified && piece.kind() == Token.WORD && construct(name)) {
            if (catalogue.volatileFunctions().contains(name) && !Keywords.reserved(name)) {
                because(KnownFunctions.whyNot(name));
            }
            return;
        }
        if (typeOrAlias()) {
            return;
        }
        function(name, qualified);
    }

    /** Whether the name before the parenthesis is a type behind :: or AS, the table of COPY, the name of a CTE, or a table's alias. */
    private boolean typeOrAlias() {
        return lead.operator("::")
                || lead.word("as")
                || verb.word("copy") && levels.depth() == 0
                || levels.has(Levels.WITH) && (lead.word("with") || lead.word("recursive") || lead.mark(','))
                || levels.has(Levels.FROM) && !levels.has(Levels.ON) && leadIsOperand;
    }

    /** Whether this word before a parenthesis is part of the language here, and no function. */
    private boolean construct(String word) {
        nextLevel = switch (word) {
            case "on" -> lead.word("distinct") ? Levels.LEADS_ON : 0;
            case "sets" -> Levels.GROUP;
            case "rollup", "cube" -> levels.has(Levels.GROUP) ? Levels.GROUP : 0;
            case "operator" -> Levels.LEADS_ON;
            case "json_table" -> Levels.JSON_TABLE;
            case "columns" -> Levels.JSON_TABLE;
            default -> 0;
        };
        return previous == Piece.NONE || Keywords.neverFunction(word) || inItsPlace(word);
    }

    private boolean inItsPlace(String word) {
        return switch (word) {
            case "over", "filter" -> lead.mark(')') && leadIsOperand;
            case "sets" -> lead.word("grouping");
            case "rollup", "cube" -> levels.has(Levels.GROUP);
            case "materialized" -> lead.word("as") || lead.word("not") && beforePrevious.word("as");
            case "by" -> lead.word("group") || lead.word("order") || lead.word("partition");
            case "zone" -> lead.word("time");
            case "first", "next" -> lead.word("fetch");
            case "varying" -> lead.word("character") || lead.word("char") || lead.word("bit") || lead.word("nchar");
            case "operator" -> true;
            case "columns" -> levels.has(Levels.JSON_TABLE);
            case "bernoulli", "system" -> lead.word("tablesample");
            case "verbose" -> lead.word("explain") || lead.word("analyze");
            default -> Keywords.operator(word) && (leadIsOperand || Keywords.operator(lead.text()) || lead.word("not") && word.endsWith("like"));
        };
    }

    private void function(String name, boolean qualified) {
        transactionTime |= KnownFunctions.asksTransactionTime(name);
        if (name.equals("age")) {
            nextLevel = Levels.AGE;
        }
        boolean own = !qualified || qualifier.equals("pg_catalog");
        pins |= own ? KnownFunctions.pins(name) : 0;
        takesNext |= name.equals("nextval");
        asksSequence |= name.equals("currval") || name.equals("lastval");
        if (own && (name.equals("set_config") || name.equals("current_setting"))) {
            settingCalls.begin(name, lead);
            if (name.equals("current_setting")) {
                return;
            }
        }
        if (!whyNot.isEmpty()) {
            return;
        }
        if (catalogue.volatileFunctions().contains(name)) {
            because("calls " + name + ", which may write: it is volatile, or listed so");
        } else if (!harmless(name, own)) {
            because(KnownFunctions.whyNot(name));
        }
    }

    private boolean harmless(String name, boolean own) {
        boolean ofUser = !qualifier.equals("pg_catalog") && catalogue.harmlessFunctions().contains(name);
        return own && KnownFunctions.harmless(name) || ofUser && !KnownFunctions.blocked(name);
    }

    private void because(String reason) {
        if (whyNot.isEmpty()) {
            whyNot = reason;
        }
    }
}
