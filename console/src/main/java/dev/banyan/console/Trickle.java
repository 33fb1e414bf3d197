package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import tools.jackson.databind.JsonNode;

/**
 * A little traffic for a site that has none yet, so that its drawing has something to show. No load test: for that there is {@code banyan load}.
 *
 * @param rate requests a second, 1 to {@value #MOST_RATE}
 * @param seconds for how long, 1 to {@value #MOST_SECONDS}
 */
public record Trickle(int rate, int seconds) {
    static final int MOST_RATE = 50;
    public static final int MOST_SECONDS = 30;

    /** @throws BanyanException USAGE when it is more than a little */
    public Trickle {
        if (rate < 1 || rate > MOST_RATE || seconds < 1 || seconds > MOST_SECONDS) {
            throw new BanyanException(ErrorCode.USAGE, "the console sends 1 to " + MOST_RATE + " requests a second for 1 to " + MOST_SECONDS + " s, not " + rate + " for " + seconds
                    + " s; banyan load sends more");
        }
    }

    /** From the admin API: {@code {"rate": 20, "seconds": 20}}, which is also what is sent when it says nothing. */
    static Trickle of(JsonNode body) {
        return new Trickle(number(body, "rate"), number(body, "seconds"));
    }

    private static int number(JsonNode body, String name) {
        JsonNode given = body.path(name);
        if (given.isMissingNode()) {
            return 20;
        }
        if (!given.isInt()) {
            throw new BanyanException(ErrorCode.USAGE, name + " is a whole number, not " + given + ", as in {\"rate\": 20, \"seconds\": 20}");
        }
        return given.intValue();
    }
}
