package dev.banyan.photos;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Turns what a person types into a tsquery: every word must occur. Whole words, in any English form: how often a word occurs is known
 * to PostgreSQL's planner, how often a beginning of words does is not, and for a rare one it would read all photos.
 */
final class SearchQuery {
    private static final int MOST_WORDS = 8;

    private SearchQuery() {}

    /** Only letters and digits get through, so that no tsquery operator can; empty if nothing is left. */
    static String of(String typed) {
        return Arrays.stream(typed.split("[^\\p{L}\\p{M}\\p{N}]+")).filter(word -> !word.isEmpty()).limit(MOST_WORDS)
                .map(word -> "'" + word + "'").collect(Collectors.joining(" & "));
    }
}
