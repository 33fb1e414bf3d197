package dev.banyan.drill.reads;

import dev.banyan.drill.reads.Violation.Kind;
import java.util.Arrays;
import java.util.Optional;

/** What one session has written and seen of each counter: the least that it may be shown from now on. Owned by one thread. */
final class Past {
    private final int session;
    private final long[] least;
    private final Kind[] why;
    private final long[] sinceNanos;

    Past(int session, int counters) {
        this.session = session;
        this.least = new long[counters];
        this.why = new Kind[counters];
        this.sinceNanos = new long[counters];
        Arrays.fill(why, Kind.OWN_PAST);
    }

    /** From now on at least this version, for that reason. */
    void require(int counter, long version, Kind reason, long nowNanos) {
        if (version > least[counter]) {
            least[counter] = version;
            why[counter] = reason;
            sinceNanos[counter] = nowNanos;
        }
    }

    /** It was shown a version; what was not to be is told, and the rest is remembered. */
    Optional<Violation> saw(int counter, long version, long nowNanos) {
        if (version < least[counter]) {
            return Optional.of(new Violation(why[counter], session, counter, least[counter], version, (nowNanos - sinceNanos[counter]) / 1_000));
        }
        require(counter, version, Kind.OWN_PAST, nowNanos);
        return Optional.empty();
    }

    long least(int counter) {
        return least[counter];
    }

    /** Its connection broke: a new session owes it nothing. */
    void forget() {
        Arrays.fill(least, 0);
        Arrays.fill(why, Kind.OWN_PAST);
    }
}
