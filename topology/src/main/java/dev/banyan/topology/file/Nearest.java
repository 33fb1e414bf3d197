package dev.banyan.topology.file;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody meant: the nearest by edits (Damerau-Levenshtein, adjacent letters swapped count once). */
final class Nearest {
    private static final int LONGEST = 64;

    private Nearest() {}

    /** The nearest of the names, when it is near enough: at most a third of its letters differ, and at least one edit is allowed. */
    static Optional<String> of(String written, Collection<String> names) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        String folded = fold(written);
        return names.stream()
                .filter(name -> edits(folded, fold(name)) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt((String name) -> edits(folded, fold(name))).thenComparing(Comparator.naturalOrder()));
    }

    /** {@code frontDoor}, {@code front_door} and {@code front-door} are the same to whoever mistypes them. */
    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "").replace(" ", "");
    }

    static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(a, b, i, j, cost);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int i, int j, int[][] cost) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j - 1] + same, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
