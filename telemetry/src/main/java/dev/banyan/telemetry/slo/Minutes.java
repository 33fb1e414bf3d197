package dev.banyan.telemetry.slo;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.zip.CRC32C;

/**
 * A tally of each of the last minutes, in a ring: a minute's place is its number since 1970, modulo the ring's length. It lies in memory as
 * it lies on disk ({@link MinuteFile}). A minute says for itself to which time its answers were held; where that was another than asked for,
 * they count for availability alone. Not safe for several threads.
 *
 * <p>A place, big-endian: minute (4 bytes), bound in ms (4), answers, failed, timed, slow (8 each), CRC-32C of all that (4), 4 unused.
 */
final class Minutes {
    static final int BYTES = 48;
    private static final int SUMMED = 40;

    private final ByteBuffer ring;
    private final int length;

    /** @param length how many minutes are kept */
    Minutes(int length) {
        this.length = length;
        this.ring = ByteBuffer.allocate(Math.multiplyExact(length, BYTES));
    }

    int length() {
        return length;
    }

    /** How many minutes of a window there are. */
    static int of(Duration window) {
        return Math.toIntExact(window.toMinutes());
    }

    /** Adds what was answered in a minute since 1970. */
    void add(int minute, int boundMillis, Tally tally) {
        int at = place(minute);
        boolean same = ring.getInt(at) == minute;
        boolean sameBound = same && ring.getInt(at + 4) == boundMillis;
        put(minute, boundMillis, new Tally(
                (same ? ring.getLong(at + 8) : 0) + tally.answers(),
                (same ? ring.getLong(at + 16) : 0) + tally.failed(),
                (sameBound ? ring.getLong(at + 24) : 0) + tally.timed(),
                (sameBound ? ring.getLong(at + 32) : 0) + tally.slow()));
    }

    private void put(int minute, int boundMillis, Tally whole) {
        int at = place(minute);
        ring.putInt(at, minute).putInt(at + 4, boundMillis);
        ring.putLong(at + 8, whole.answers()).putLong(at + 16, whole.failed()).putLong(at + 24, whole.timed()).putLong(at + 32, whole.slow());
        ring.putInt(at + SUMMED, sum(ring, at));
    }

    /**
     * The last minutes together, the one that is not over yet and as many before it.
     *
     * @param now minutes since 1970
     * @param boundMillis the time of those that count as timed
     */
    Tally last(int minutes, int now, int boundMillis) {
        long answers = 0;
        long failed = 0;
        long timed = 0;
        long slow = 0;
        for (int minute = now; minute >= now - Math.min(minutes, length - 1); minute--) {
            int at = place(minute);
            if (ring.getInt(at) == minute) {
                answers += ring.getLong(at + 8);
                failed += ring.getLong(at + 16);
                if (ring.getInt(at + 4) == boundMillis) {
                    timed += ring.getLong(at + 24);
                    slow += ring.getLong(at + 32);
                }
            }
        }
        return new Tally(answers, failed, timed, slow);
    }

    /** A minute as it is written to disk, ready to be read. */
    ByteBuffer bytes(int minute) {
        return ring.slice(place(minute), BYTES);
    }

    /** Where it lies among all. */
    long offset(int minute) {
        return place(minute);
    }

    /** All of it, ready to be read. */
    ByteBuffer bytes() {
        return ring.duplicate().clear();
    }

    /**
     * Takes a place as it was on disk; a minute that is there already stays if it is later.
     *
     * @return false when it is torn, and nothing was taken
     */
    boolean take(ByteBuffer place) {
        int minute = place.getInt(0);
        if (minute == 0 && place.getInt(SUMMED) == 0) {
            return true; // never written
        }
        if (minute <= 0 || place.getInt(SUMMED) != sum(place, 0)) {
            return false;
        }
        if (minute > ring.getInt(place(minute))) {
            put(minute, place.getInt(4), new Tally(place.getLong(8), place.getLong(16), place.getLong(24), place.getLong(32)));
        }
        return true;
    }

    private int place(int minute) {
        return Math.floorMod(minute, length) * BYTES;
    }

    private static int sum(ByteBuffer bytes, int at) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.slice(at, SUMMED));
        return (int) sum.getValue();
    }
}
