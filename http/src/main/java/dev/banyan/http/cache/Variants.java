package dev.banyan.http.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * What is stored under one key. Immutable.
 *
 * @param all the responses, the newest first
 * @param onDisk whether there may be more of them on disk: when none of these will do, {@link ResponseStore#recall} fetches them
 * @param uncacheableUntilMillis when above 0, what the key names was not to be stored when it was asked for last, and until then, in milliseconds since 1970, nobody needs to
 *     wait for another's fetch of it
 */
public record Variants(List<StoredResponse> all, boolean onDisk, long uncacheableUntilMillis) {
    static final Variants NONE = new Variants(List.of(), false, 0);
    static final Variants ON_DISK = new Variants(List.of(), true, 0);

    public Variants {
        all = List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** With one more, the newest; without those that it replaces. */
    Variants with(StoredResponse newest) {
        List<StoredResponse> more = new ArrayList<>(all.size() + 1);
        more.add(newest);
        for (StoredResponse one : all) {
            if (!newest.replaces(one.head())) {
                more.add(one);
            }
        }
        return new Variants(more, onDisk, 0);
    }

    Variants without(List<StoredResponse> gone) {
        return new Variants(all.stream().filter(one -> !gone.contains(one)).toList(), onDisk, 0);
    }

    Variants first(int most) {
        return all.size() <= most ? this : new Variants(all.subList(0, most), onDisk, 0);
    }

    Variants onDisk(boolean now) {
        return now == onDisk ? this : new Variants(all, now, uncacheableUntilMillis);
    }
}
