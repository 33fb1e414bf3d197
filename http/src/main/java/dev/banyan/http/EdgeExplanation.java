package dev.banyan.http;

import dev.banyan.http.cache.Reuse;
import java.util.List;

/**
 * What an edge's cache makes of a request, and why.
 *
 * @param edge its name
 * @param key what answers to it are stored under
 * @param stored all that is in memory under that key, the newest first
 * @param onDisk whether more may lie on disk, which would be looked at before anything is asked for, and is not for this
 * @param unsharedMillis for how much longer nobody waits for another's fetch of it, since its answer was not to be stored (hit-for-miss); 0 when that is not so
 * @param fetching whether a fetch is under way that it could wait for
 * @param decision with its words and the section that decided
 * @param does what is done, in words
 * @param goesOn whether the next server gets something because of this request
 * @param sends the conditions that change on the way to the next server: {@code If-None-Match: "1"} is put in, {@code without Range} is taken out
 */
public record EdgeExplanation(
        String edge, String key, List<Stored> stored, boolean onDisk, long unsharedMillis, boolean fetching, Reuse decision, String does, boolean goesOn, List<String> sends) {

    public EdgeExplanation {
        stored = List.copyOf(stored);
        sends = List.copyOf(sends);
    }

    /**
     * A stored response.
     *
     * @param chosen whether it is the one that is decided about; else it answers other requests, or is older
     * @param age in seconds
     * @param left how much longer it is fresh, in seconds; 0 or less when it is stale
     * @param freshBy what said how long it is fresh, as {@code s-maxage}
     * @param etag as written; "" when it has none
     * @param vary the requests that it answers, as {@code accept-encoding: br}
     * @param bytes of its content
     * @param part which bytes it is, as {@code 0-499 of 1000}; "" when it is whole
     * @param invalidated whether it was purged softly, or changed by an unsafe request, since
     */
    public record Stored(boolean chosen, int status, long age, long left, String freshBy, String etag, List<String> vary, long bytes, String part, List<String> tags, boolean invalidated) {
        public Stored {
            vary = List.copyOf(vary);
            tags = List.copyOf(tags);
        }
    }
}
