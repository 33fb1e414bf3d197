package dev.banyan.telemetry.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which series has which place. A series keeps its place until it was not seen for as long as the file remembers; then who comes new may have it.
 * Owned by the one writer.
 */
final class Directory {
    private static final long FORGOTTEN_STEPS = History.MOST_SECONDS / History.STEP_SECONDS;

    private final FileChannel file;
    private final Entry[] entries = new Entry[Layout.PLACES];
    private final long[] seen = new long[Layout.PLACES];
    private final Map<String, Integer> places = new HashMap<>();

    private Directory(FileChannel file) {
        this.file = file;
    }

    /** As it lies in the file; when each was seen last is said later by {@link #seen}. */
    static Directory in(FileChannel file) throws IOException {
        Directory directory = new Directory(file);
        Entry[] all = read(file);
        for (int place = 0; place < all.length; place++) {
            if (all[place] != null) {
                directory.settle(place, all[place]);
            }
        }
        return directory;
    }

    /** All entries by place, null where there is none. */
    static Entry[] read(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Layout.PLACES * Entry.BYTES);
        while (bytes.hasRemaining() && file.read(bytes, Layout.PAGE + bytes.position()) >= 0) {
            // A file that was cut short ends early; the rest is zeros, which is nobody's.
        }
        Entry[] entries = new Entry[Layout.PLACES];
        for (int place = 0; place < Layout.PLACES; place++) {
            entries[place] = Entry.decode(bytes.array(), place * Entry.BYTES).orElse(null);
        }
        return entries;
    }

    /** The place of a series, a new one if need be; empty when all are taken, or its names are too long. */
    OptionalInt place(KeptSeries series, long step) throws IOException {
        Integer known = places.get(series.id());
        if (known == null) {
            int free = Entry.fits(series) ? free(step) : -1;
            if (free < 0) {
                return OptionalInt.empty();
            }
            known = free;
            write(known, new Entry(series, step));
        } else if (!entries[known].series().equals(series)) {
            write(known, new Entry(series, entries[known].since()));
        }
        seen[known] = step;
        return OptionalInt.of(known);
    }

    void seen(int place, long step) {
        seen[place] = Math.max(seen[place], step);
    }

    /** The clock went back to this step: nothing was seen later, and who began later begins now. */
    void rewind(long step) throws IOException {
        for (int place = 0; place < entries.length; place++) {
            seen[place] = Math.min(seen[place], step);
            if (entries[place] != null && entries[place].since() > step) {
                write(place, new Entry(entries[place].series(), step));
            }
        }
    }

    /** One that was nobody's, else that of who was seen longest ago; a clock that is ahead for a while costs nobody a place before it must. */
    private int free(long step) {
        int oldest = -1;
        for (int place = 0; place < entries.length; place++) {
            if (entries[place] == null) {
                return place;
            }
            if (step - seen[place] > FORGOTTEN_STEPS && (oldest < 0 || seen[place] < seen[oldest])) {
                oldest = place;
            }
        }
        return oldest;
    }

    /** First to the file: what the disk refuses is not believed here either. */
    private void write(int place, Entry entry) throws IOException {
        ByteBuffer bytes = entry.encode();
        long at = Layout.entry(place);
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
        settle(place, entry);
    }

    private void settle(int place, Entry entry) {
        if (entries[place] != null) {
            places.remove(entries[place].series().id(), place);
        }
        entries[place] = entry;
        Integer twin = places.put(entry.series().id(), place);
        if (twin != null && twin != place) {
            entries[twin] = null;
        }
        seen[place] = Math.max(seen[place], entry.since());
    }
}
