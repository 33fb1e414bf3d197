package dev.banyan.changes;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What does not go well at the moment, by what it is about. Safe for any thread. */
final class Notes {
    enum About {
        CONNECTION,
        SLOT,
        LISTENER,
        LOG_KEPT,
        TABLES,
        WRITERS
    }

    private final Map<About, List<String>> notes = new EnumMap<>(About.class);

    synchronized void set(About about, List<String> sentences) {
        notes.put(about, List.copyOf(sentences));
    }

    void set(About about, String sentence) {
        set(about, List.of(sentence));
    }

    synchronized void clear(About about) {
        notes.remove(about);
    }

    synchronized List<String> all() {
        return notes.values().stream().flatMap(Collection::stream).toList();
    }
}
