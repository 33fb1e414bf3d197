package dev.banyan.console;

import java.util.List;

/**
 * What a database router was asked, by kind of statement: texts that differ only in their literals are one kind.
 *
 * @param kinds those that took the most time in all first; few hundred at most
 * @param advice what would let more of them go to a replica, the most rewarding first
 */
public record Statements(List<Kind> kinds, List<Advice> advice) {
    public static final Statements NONE = new Statements(List.of(), List.of());

    public Statements {
        kinds = List.copyOf(kinds);
        advice = List.copyOf(advice);
    }

    /**
     * One kind.
     *
     * @param text with {@code ?} or {@code $n} for literals, cut when it is long: no value of a user's is ever in it
     * @param calls since the router opened
     * @param totalMillis all of them together
     * @param meanMillis one of them
     * @param rows answered or changed by all of them
     * @param failed answered by an error
     * @param onReplicas calls that a replica answered
     */
    public record Kind(String text, long calls, double totalMillis, double meanMillis, long rows, long failed, long onReplicas) {}

    /**
     * A kind that only misses something to be read at a replica.
     *
     * @param why what it misses, and what to do about it
     */
    public record Advice(String text, long calls, String why) {}
}
