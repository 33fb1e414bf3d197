package dev.banyan.drill.site;

import java.time.Duration;
import java.util.Set;

/**
 * Failed requests that do not break a promise, since nobody could have answered them: they were in the hands of what was broken. Only a request that had been sent before the fault was
 * done, or before the broken one can have been found out, is pardoned, and only when it is of this sort and failed in one of these ways.
 *
 * @param whose which requests
 * @param kinds ways to fail, as in the load report: {@code status_502}
 * @param foundOut how long after the fault the broken one may still be given requests; zero when only what it had in hand is pardoned
 * @param words the same in a hypothesis, after "no request fails": {@code , save writes ...}; empty when nothing is pardoned
 */
public record Pardon(Whose whose, Set<String> kinds, Duration foundOut, String words) {
    /** Nothing may fail. */
    public static final Pardon NONE = new Pardon(Whose.NOBODY, Set.of(), Duration.ZERO, "");

    public Pardon {
        kinds = Set.copyOf(kinds);
    }

    /** Whether a request that was in hand may have failed so. */
    boolean covers(String method, String kind) {
        boolean his = switch (whose) {
            case NOBODY -> false;
            case UNREPEATABLE -> method.equals("POST");
            case WRITES -> !method.equals("GET");
            case ALL -> true;
        };
        return his && kinds.contains(kind);
    }

    /** Sorts of requests. */
    public enum Whose {
        NOBODY,
        /** Those that no proxy may send twice: POST. */
        UNREPEATABLE,
        /** All that change something. */
        WRITES,
        ALL
    }
}
