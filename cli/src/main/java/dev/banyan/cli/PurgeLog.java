package dev.banyan.cli;

import dev.banyan.console.Purge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The purges of one run of the site, in their order: what an edge that was away has missed. It keeps the last {@value #KEPT}; to who has missed more, or was
 * told by another run, it says that there is a gap. Safe for any thread.
 */
final class PurgeLog {
    private static final int KEPT = 1000;

    private final String run;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long last;

    /** @param run names this run of the site and no other */
    PurgeLog(String run) {
        this.run = run;
    }

    /** @param number from 1 */
    record Entry(long number, Purge purge) {}

    synchronized Entry append(Purge purge) {
        Entry entry = new Entry(++last, purge);
        entries.addLast(entry);
        if (entries.size() > KEPT) {
            entries.removeFirst();
        }
        return entry;
    }

    /** Those after a number; empty when some of them are not known any more. */
    synchronized Optional<List<Entry>> after(String ofRun, long number) {
        if (!ofRun.equals(run) || number > last || number < last - entries.size()) {
            return Optional.empty();
        }
        return Optional.of(new ArrayList<>(entries).stream().filter(entry -> entry.number() > number).toList());
    }

    String run() {
        return run;
    }

    synchronized long last() {
        return last;
    }
}
