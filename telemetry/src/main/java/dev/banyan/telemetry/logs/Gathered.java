package dev.banyan.telemetry.logs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The newest lines that were found until now. Owned by one thread. */
final class Gathered {
    private static final Comparator<Found> NEWEST_FIRST = Comparator.comparing(Found::order).reversed().thenComparing(found -> found.line().name()).thenComparing(Found::position);

    private final int most;
    private final List<Found> found = new ArrayList<>();
    private boolean trimmed;

    /** @param most how many are told */
    Gathered(int most) {
        this.most = most;
    }

    void add(Found line) {
        found.add(line);
    }

    /** Whether there are as many as are told, and all are newer than what is unread. */
    boolean isEnough(Instant unread) {
        trim();
        return found.size() == most && found.getLast().order().isAfter(unread);
    }

    /** @param more whether something is unread */
    LogFound told(boolean more) {
        trim();
        found.sort(NEWEST_FIRST);
        return new LogFound(found.reversed().stream().map(Found::line).toList(), trimmed || more);
    }

    private void trim() {
        if (found.size() >= most) {
            found.sort(NEWEST_FIRST);
            trimmed |= found.size() > most;
            found.subList(most, found.size()).clear();
        }
    }

    /**
     * A line on its way into an answer.
     *
     * @param order the time by which it is sorted: its own, or the best that is known of a line without
     * @param position where it lies in its log, counted from the end: of lines of one time, the later ones are lower
     */
    record Found(LogLine line, Instant order, long position) {}
}
