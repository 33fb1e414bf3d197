package dev.banyan.http.gateway.callers;

import java.security.Key;
import java.util.List;
import java.util.Optional;

/** An issuer's keys as they are at one time. Two of them are one only if they are the same object: what was verified by a former set is verified anew. */
final class KeySet {
    /** With no key named in the token, or several of that name, so many are tried. */
    private static final int MOST_TRIED = 4;

    /**
     * A key that signatures are checked with.
     *
     * @param id what tokens name it; empty when it stands for any name
     * @param algorithm the only one it is for, if its set says so
     */
    record Entry(Optional<String> id, KeyKind kind, Optional<SignatureAlgorithm> algorithm, Key key) {
        private boolean fits(Optional<String> wanted, SignatureAlgorithm by) {
            return kind == by.kind() && algorithm.map(only -> only == by).orElse(true) && (id.isEmpty() || wanted.isEmpty() || id.equals(wanted));
        }
    }

    private final List<Entry> entries;

    KeySet(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** The keys that may have signed a token; few, whatever the set. */
    List<Key> fitting(Optional<String> id, SignatureAlgorithm algorithm) {
        return entries.stream().filter(entry -> entry.fits(id, algorithm)).limit(MOST_TRIED).map(Entry::key).toList();
    }

    List<Entry> entries() {
        return entries;
    }
}
