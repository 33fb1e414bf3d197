package dev.banyan.telemetry.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where things lie in the file: a page with the header, the directory with an entry for each place, the ring of steps, the ring of minutes.
 * All numbers are big-endian. The header is written once, before the file gets its name; nothing in the file points at anything that changes.
 */
final class Layout {
    /** How many series there may be. A row of the first ring is then two pages. */
    static final int PLACES = 2_044;
    static final int PAGE = 4_096;
    /** Two hours of steps. */
    static final RingShape STEPS = new RingShape(PAGE + round(PLACES * Entry.BYTES), History.STEP_SECONDS, 1_440, 1);
    /** A day of minutes: of each the mean, then the maximum. */
    static final RingShape MINUTES = new RingShape(STEPS.end(), 60, 1_440, 2);
    static final long FILE_BYTES = MINUTES.end();
    static final int STEPS_A_MINUTE = MINUTES.seconds() / STEPS.seconds();

    private static final byte[] MAGIC = "BANYANH1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 40;

    private Layout() {}

    static ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(PAGE);
        header.put(MAGIC).putInt(PLACES).putInt(Entry.BYTES);
        header.putInt(STEPS.seconds()).putInt(STEPS.rows()).putInt(MINUTES.seconds()).putInt(MINUTES.rows());
        header.putInt(checksum(header.array(), 0, header.position()));
        return header.rewind();
    }

    /** Whether a file that begins so is one of ours, of this very layout. */
    static boolean isHeader(ByteBuffer page) {
        return page.remaining() >= HEADER_BYTES && page.slice(0, HEADER_BYTES).equals(header().limit(HEADER_BYTES));
    }

    static long entry(int place) {
        return PAGE + (long) place * Entry.BYTES;
    }

    static int checksum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    /** Up to whole pages. */
    static int round(int bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }

    /**
     * A ring of rows, one a step; step n lies in row n modulo the rows.
     *
     * @param offset of its first row in the file
     * @param seconds how long a step is
     * @param values how many of each series
     */
    record RingShape(long offset, int seconds, int rows, int values) {
        int rowBytes() {
            return round(Row.HEAD_BYTES + PLACES * values * Float.BYTES);
        }

        long end() {
            return offset + (long) rows * rowBytes();
        }

        long row(long step) {
            return offset + Math.floorMod(step, (long) rows) * rowBytes();
        }
    }
}
