package dev.banyan.http;

import dev.banyan.http.cache.Body;
import dev.banyan.http.cache.StoredHead;
import dev.banyan.http.wire.LocalAnswer;

/** What those who wait for a {@link Fetch} are told, each once. */
sealed interface Fetched {
    /**
     * A response that may be given to whoever asks for it; its content may still be arriving.
     *
     * @param body retained for whoever is told, who releases it
     * @param fetchStatus the status that the origin answered with; 0 when it gave no answer
     * @param stored whether it is stored, or will be when its content has come
     * @param stale whether it is an old one, since no new one could be had
     * @param epoch the number of the last purge when it was asked for
     */
    record Response(StoredHead head, Body body, int fetchStatus, boolean stored, boolean stale, long epoch) implements Fetched {}

    /** It may be given to nobody but who asked first: all others ask for themselves. */
    record Unshared() implements Fetched {}

    /** There is no answer. */
    record Refused(LocalAnswer answer) implements Fetched {}
}
