package dev.banyan.postgres;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which prepared statements a server connection has, the least recently used first. Owned by the connection's loop. */
final class KeptStatements {
    private final int most;
    private final LinkedHashMap<Prepared, Boolean> kept = new LinkedHashMap<>(16, 0.75f, true);
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

    void clear() {
        kept.clear();
        last = null;
    }

    int size() {
        return kept.size();
    }
}
