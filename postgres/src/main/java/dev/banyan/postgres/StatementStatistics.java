package dev.banyan.postgres;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every statement's figures, merged over the loops. Immutable.
 *
 * @param statements those that took the most time first
 * @param forgotten statements whose figures were lost to make room, over all loops
 */
public record StatementStatistics(List<StatementFigures> statements, long forgotten) {
    public static final StatementStatistics NONE = new StatementStatistics(List.of(), 0);

    private static final Comparator<StatementFigures> BY_TIME = Comparator.comparingLong(StatementFigures::nanos).reversed();

    public StatementStatistics {
        statements = List.copyOf(statements);
    }

    /** These and others together. */
    StatementStatistics plus(List<StatementFigures> others, long othersForgotten) {
        Map<Long, StatementFigures> merged = new HashMap<>();
        statements.forEach(each -> merged.put(each.fingerprint(), each));
        others.forEach(each -> merged.merge(each.fingerprint(), each, StatementFigures::plus));
        List<StatementFigures> sorted = new ArrayList<>(merged.values());
        sorted.sort(BY_TIME);
        return new StatementStatistics(sorted, forgotten + othersForgotten);
    }

    /** All time that statements took, in nanoseconds. */
    public long nanos() {
        return statements.stream().mapToLong(StatementFigures::nanos).sum();
    }

    /** What would take load from the primary, the statements that take the most of its time first. */
    public List<Advice> advice(int most) {
        double all = Math.max(1, nanos());
        boolean split = statements.stream().anyMatch(each -> each.replicaCalls() > 0);
        return statements.stream()
                .filter(each -> each.asks() && each.primaryCalls() > each.replicaCalls() && (split || !each.readsOnly()))
                .sorted(Comparator.comparingLong(StatementFigures::primaryNanos).reversed())
                .limit(most)
                .map(each -> new Advice(each, each.primaryNanos() / all, why(each), next(each)))
                .toList();
    }

    private static String why(StatementFigures statement) {
        return statement.readsOnly() ? "it ran in transactions that write, or before a replica had what its session has seen" : statement.whyNot();
    }

    private static String next(StatementFigures statement) {
        return statement.readsOnly()
                ? "run it before the transaction's first write, or outside; database.router.reads.patience says how long it waits for a replica"
                : "if it only reads, name its functions in database.router.reads.functions, or begin it with the comment 'banyan: replica'";
    }

    /**
     * A statement that could go to a replica but for one thing.
     *
     * @param share of all statements' time that it takes at the primary, 0 to 1
     * @param why what keeps it there
     * @param next what would change that
     */
    public record Advice(StatementFigures statement, double share, String why, String next) {}
}
