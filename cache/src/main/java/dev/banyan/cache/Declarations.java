package dev.banyan.cache;

import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks declared prefixes against the real database. */
public final class Declarations {
    /** Which of the declaration's keys a sentence is about. */
    private static final Pattern ABOUT = Pattern.compile("(key|columns|sql|table|evicted-by): (.*)", Pattern.DOTALL);

    private Declarations() {}

    /**
     * All that is wrong with them, by their path in the site file ({@code cache.keys[2].columns}), without lines. Blocks; changes nothing.
     *
     * @param keys as in the site file, in its order
     * @param connection to the database that the cache loads from, as the user it does so
     * @throws SQLException when the database cannot be asked
     */
    public static List<Problem> check(List<CacheKeys> keys, Connection connection) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Rule rule = new Rule(i, keys.get(i));
            if (rule.loads()) {
                String path = "cache.keys[" + i + "]";
                Binding.of(rule, connection).problems().forEach(problem -> problems.add(problem(path, problem)));
            }
        }
        return List.copyOf(problems);
    }

    private static Problem problem(String path, String sentence) {
        Matcher about = ABOUT.matcher(sentence);
        return about.matches() ? new Problem(0, 0, path + "." + about.group(1), about.group(2)) : new Problem(0, 0, path, sentence);
    }
}
