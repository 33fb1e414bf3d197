package dev.banyan.cli;

import dev.banyan.console.Statements;
import dev.banyan.postgres.StatementFigures;
import dev.banyan.postgres.StatementStatistics;

/** The router's statistics as the console lists them. */
final class StatementRows {
    private static final int MOST_KINDS = 100;
    private static final int MOST_ADVICE = 5;
    private static final double MILLI = 1e6;

    private StatementRows() {}

    static Statements of(StatementStatistics statistics) {
        return new Statements(
                statistics.statements().stream().limit(MOST_KINDS).map(StatementRows::kind).toList(),
                statistics.advice(MOST_ADVICE).stream().map(advice -> new Statements.Advice(advice.statement().text(), advice.statement().calls(),
                        "It takes %.0f %% of all time. It stays at the primary since %s; %s.".formatted(100 * advice.share(), advice.why(), advice.next()))).toList());
    }

    private static Statements.Kind kind(StatementFigures figures) {
        return new Statements.Kind(figures.text().isEmpty() ? "(an empty statement)" : figures.text(), figures.calls(), figures.nanos() / MILLI, figures.nanos() / MILLI / Math.max(1, figures.calls()), figures.rows(), figures.errors(),
                figures.replicaCalls());
    }
}
