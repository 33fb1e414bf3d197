package dev.banyan.postgres;

import dev.banyan.postgres.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The tallies of the statements that ran on one loop, by fingerprint: sets of eight, and in a full set the one not used for longest makes room.
 * A fingerprint is a keyed hash, so that nobody can aim at a set. Counting a known statement allocates nothing. Owned by that loop.
 */
final class StatementTable {
    private static final int WAYS = 8;

    private final long[] fingerprints;
    private final StatementTally[] tallies;
    private final int sets;
    private long clock;
    private long forgotten;

    /** @param capacity statements, rounded up to a power of two of at least eight */
    StatementTable(int capacity) {
        sets = Integer.highestOneBit(Math.max(1, (capacity + WAYS - 1) / WAYS * 2 - 1));
        fingerprints = new long[sets * WAYS];
        tallies = new StatementTally[sets * WAYS];
    }

    /** The statement's tally; if it is new, its text is asked for. */
    StatementTally of(Statement statement, Function<Statement, String> text) {
        long fingerprint = statement.fingerprint();
        int first = (int) (fingerprint >>> 32) & (sets - 1);
        first *= WAYS;
        int victim = first;
        for (int i = first; i < first + WAYS; i++) {
            StatementTally tally = tallies[i];
            if (tally == null) {
                return begin(i, statement, text); // sets fill from the left, and nothing is taken out
            }
            if (fingerprints[i] == fingerprint) {
                tally.usedAt = ++clock;
                if (tally.text().isEmpty()) {
                    tally.text(text.apply(statement));
                }
                return tally;
            }
            victim = tally.usedAt < tallies[victim].usedAt ? i : victim;
        }
        forgotten++;
        return begin(victim, statement, text);
    }

    private StatementTally begin(int at, Statement statement, Function<Statement, String> text) {
        StatementTally tally = new StatementTally(statement, text.apply(statement));
        tally.usedAt = ++clock;
        fingerprints[at] = statement.fingerprint();
        tallies[at] = tally;
        return tally;
    }

    /** How many statements' figures were lost to others. */
    long forgotten() {
        return forgotten;
    }

    List<StatementFigures> figures() {
        List<StatementFigures> figures = new ArrayList<>();
        for (StatementTally tally : tallies) {
            if (tally != null) {
                figures.add(tally.figures());
            }
        }
        return figures;
    }
}
