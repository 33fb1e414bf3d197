package dev.banyan.cache;

import java.util.Arrays;

/**
 * Which transactions a statement saw: {@code pg_current_snapshot()} (PostgreSQL's manual, 9.28.8; transaction ids of 64 bits).
 *
 * @param xmin all below it have ended
 * @param xmax none from it on had ended
 * @param running those between that had not, sorted; a standby does not tell them
 * @param standby whether it was taken in recovery
 */
record Snapshot(long xmin, long xmax, long[] running, boolean standby) {
    /** So far apart two ids of 32 bits are not compared: one is from another epoch, and has long ended. */
    private static final int FAR = 1 << 30;

    /** @param text as {@code 10:20:10,14,15} */
    static Snapshot parse(String text, boolean standby) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a snapshot is XMIN:XMAX:XIP,XIP, not '" + text + "'");
        }
        long[] running = parts[2].isEmpty() ? new long[0] : Arrays.stream(parts[2].split(",")).mapToLong(Long::parseUnsignedLong).sorted().toArray();
        return new Snapshot(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]), running, standby);
    }

    /**
     * Whether it surely saw the changes of a transaction that is known to be committed.
     *
     * @param xid the lower 32 bits of its id
     */
    boolean sees(int xid) {
        int distance = xid - (int) xmax;
        if (distance > FAR || distance < -FAR) {
            return true;
        }
        long whole = xmax + distance;
        if (whole < xmin) {
            return true;
        }
        // On a standby the list of the running ones is empty, whatever runs (GetSnapshotData keeps them elsewhere): between the bounds nothing is known.
        return whole < xmax && !standby && Arrays.binarySearch(running, whole) < 0;
    }

    boolean seesAll(int[] xids) {
        for (int xid : xids) {
            if (!sees(xid)) {
                return false;
            }
        }
        return true;
    }
}
