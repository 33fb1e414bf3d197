package dev.banyan.http.cache;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.HeadBuffer;

/** How old a response is (RFC 9111 section 4.2.3), and the field that says so (section 5.1). */
public final class Ages {
    private static final byte[] AGE = ascii("Age: ");
    private static final byte[] CRLF = ascii("\r\n");

    private Ages() {}

    /**
     * How old a response was when its head had come, corrected_initial_age, in milliseconds. Dates have whole seconds, so the age that shows in one has
     * too: a response of this very second is not called old.
     *
     * @param dateMillis its {@code Date}
     * @param ageSeconds its {@code Age}, 0 when it has none
     */
    public static long initialMillis(long dateMillis, long ageSeconds, long requestedMillis, long receivedMillis) {
        long apparent = Math.max(0, (receivedMillis - dateMillis) / 1000 * 1000);
        long corrected = ageSeconds * 1000 + Math.max(0, receivedMillis - requestedMillis);
        return Math.max(apparent, corrected);
    }

    /** Writes the field of a response that comes from the cache, line end and all. */
    public static void write(StoredHead stored, long nowMillis, HeadBuffer out) {
        out.put(AGE).decimal(Math.min(stored.age(nowMillis), Integer.MAX_VALUE)).put(CRLF);
    }
}
