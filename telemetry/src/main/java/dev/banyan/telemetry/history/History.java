package dev.banyan.telemetry.history;

import java.util.List;
import java.util.Optional;

/** The figures of the last 24 hours, for who wants to see them. Safe for any thread; asking does not hold up who records. */
public interface History {
    /** How far apart values are recorded. */
    int STEP_SECONDS = 5;
    /** How far it goes back. */
    int MOST_SECONDS = 24 * 3_600;
    /** The most series in one question. */
    int MOST_SERIES = 64;
    /** The most points of a series in one answer. */
    int MOST_POINTS = 2_000;

    /** What there is, by id. */
    List<KeptSeries> series();

    /**
     * The last values of some series, put together so that none has more points than asked for. May read a file.
     *
     * @param ids at most {@link #MOST_SERIES}
     * @param seconds how far back, 1 to {@link #MOST_SECONDS}
     * @param points the most there may be, 1 to {@link #MOST_POINTS}
     * @param fold how values of a step are put together; empty for each series' own way
     * @throws dev.banyan.topology.BanyanException NO_SUCH_THING when there is no such series; USAGE when too much is asked for
     */
    Plot read(List<String> ids, int seconds, int points, Optional<Fold> fold);
}
