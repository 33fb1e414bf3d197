package dev.banyan.telemetry.logs;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which lines are wanted.
 *
 * @param text what they hold, upper and lower case alike; empty for all
 * @param expression whether the text is a regular expression of RE2's syntax
 * @param since none that are older than this
 * @param tier only of this one
 * @param name only of this log
 * @param most how many at most, the newest
 */
public record LogQuestion(String text, boolean expression, Optional<Duration> since, Optional<String> tier, Optional<String> name, int most) {
    public static final List<String> TIERS = List.of("application", "database", "cache", "edges", "banyan", "access");
    public static final int MOST_LINES = 5_000;
    private static final int LONGEST = 200;

    /** @throws BanyanException USAGE when a part of it makes no sense */
    public LogQuestion {
        if (text.length() > LONGEST || text.indexOf('\n') >= 0) {
            throw new BanyanException(ErrorCode.USAGE, "the text to search for is one line of at most " + LONGEST + " characters, not " + text.length());
        }
        if (tier.filter(given -> !TIERS.contains(given)).isPresent()) {
            throw new BanyanException(ErrorCode.USAGE, "there is no tier '" + tier.get() + "' of logs; there are " + String.join(", ", TIERS));
        }
        if (most < 1 || most > MOST_LINES) {
            throw new BanyanException(ErrorCode.USAGE, "a search gives 1 to " + MOST_LINES + " lines, not " + most);
        }
    }
}
