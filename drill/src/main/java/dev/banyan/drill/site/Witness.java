package dev.banyan.drill.site;

import java.util.List;

/** Looks for one thing that must never happen, beside the users and for as long as a drill lasts. Used by one thread. */
interface Witness extends AutoCloseable {
    /** Looks after new servers and such; returns soon. */
    void look();

    Testimony testimony();

    /** Looks no more; what was seen can still be asked. */
    @Override
    void close();

    /**
     * What was seen.
     *
     * @param looks how often it was looked
     * @param findings how often it was so
     * @param examples a sentence for each of the first
     */
    record Testimony(long looks, long findings, List<String> examples) {
        public Testimony {
            examples = List.copyOf(examples);
        }
    }
}
