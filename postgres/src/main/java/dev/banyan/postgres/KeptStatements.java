package dev.banyan.postgres;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which prepared statements a server connection has, the least recently used first. Those that were prepared under another schema are out of
 * date: the server may refuse them ("cached plan must not change result type"), as the clients that prepared them then expect; for a client that
 * prepares one of them now, the old one is closed first. Owned by the connection's loop.
 */
final class KeptStatements {
    private final int most;
    private final LinkedHashMap<Prepared, Boolean> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Prepared> outOfDate = new HashSet<>();
    /** The one that was used last: most connections see the same few statements again and again. */
    private Prepared last;

    KeptStatements(int most) {
        this.most = Math.max(1, most);
    }

    /** Whether it is there; then it counts as used. */
    boolean has(Prepared prepared) {
        if (prepared == last) {
            return true;
        }
        if (kept.get(prepared) == null) {
            return false;
        }
        last = prepared;
        return true;
    }

    /** Whether it is there, out of date or not: a client that prepared it before is to hear from the server what has become of it. */
    boolean knows(Prepared prepared) {
        return has(prepared) || outOfDate.contains(prepared);
    }

    /** Keeps it, and returns the one that has to go for it; null when there is room. */
    Prepared keep(Prepared prepared) {
        kept.put(prepared, Boolean.TRUE);
        last = prepared;
        if (kept.size() <= most) {
            return null;
        }
        Map.Entry<Prepared, Boolean> eldest = kept.firstEntry();
        kept.remove(eldest.getKey());
        return eldest.getKey();
    }

    void forget(Prepared prepared) {
        kept.remove(prepared);
        last = null;
    }

    /** None of them can be relied on any more. */
    void expire() {
        outOfDate.addAll(kept.keySet());
        kept.clear();
        last = null;
    }

    /** Whether its name is taken by an old one, which the caller closes now. */
    boolean closeOld(Prepared prepared) {
        return outOfDate.remove(prepared);
    }

    /** One that was to be closed was not, for an error came before that: its name is taken. */
    void isStillThere(Prepared prepared) {
        outOfDate.add(prepared);
    }

    /** Old ones pile up: the connection is not worth keeping. */
    boolean isCluttered() {
        return outOfDate.size() > most;
    }

    /** The server has none any more. */
    void clear() {
        kept.clear();
        outOfDate.clear();
        last = null;
    }

    int size() {
        return kept.size();
    }
}
