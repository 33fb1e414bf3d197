package dev.banyan.telemetry.history;

import dev.banyan.telemetry.history.Layout.RingShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The values of all series in one step: the step's number, how many places follow, a CRC-32C of all of it, the values. It is written by one
 * call and believed only when the sum is right and the step is the one that is looked for: what a crash tore, and what an earlier round of
 * the ring left, is a gap. Owned by one thread.
 */
final class Row {
    static final int HEAD_BYTES = Long.BYTES + 2 * Integer.BYTES;
    /** A reader may see half of what is being written; the other half is there a moment later. */
    private static final int READS = 3;

    private final RingShape ring;
    private final ByteBuffer bytes;
    private int places;

    Row(RingShape ring) {
        this.ring = ring;
        this.bytes = ByteBuffer.allocate(ring.rowBytes());
    }

    void clear() {
        bytes.clear();
        places = 0;
    }

    /** How many places it has; those behind have no values. */
    int places() {
        return places;
    }

    void put(int place, int which, double value) {
        for (; places <= place; places++) {
            for (int i = 0; i < ring.values(); i++) {
                bytes.putFloat(at(places, i), Float.NaN);
            }
        }
        bytes.putFloat(at(place, which), (float) value);
    }

    /** NaN when there is none. */
    double value(int place, int which) {
        return place < places ? bytes.getFloat(at(place, which)) : Double.NaN;
    }

    private int at(int place, int which) {
        return HEAD_BYTES + (place * ring.values() + which) * Float.BYTES;
    }

    void write(FileChannel file, long step) throws IOException {
        int length = at(places, 0);
        bytes.clear().putLong(step).putInt(places).putInt(0);
        bytes.putInt(Long.BYTES + Integer.BYTES, Layout.checksum(bytes.array(), 0, length));
        bytes.rewind().limit(length);
        long at = ring.row(step);
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    /** Whether the step was there; when not, the row is empty. */
    boolean read(FileChannel file, long step) throws IOException {
        for (int i = 0; i < READS && begin(file, ring.row(step)) && bytes.getLong(0) == step; i++) {
            if (isWhole(file, ring.row(step))) {
                places = bytes.getInt(Long.BYTES);
                return true;
            }
        }
        places = 0;
        return false;
    }

    /** The number of the step that lies in this row of the ring, if it is whole; else -1. */
    long readAny(FileChannel file, int row) throws IOException {
        long step = begin(file, ring.row(row)) ? bytes.getLong(0) : -1;
        return step > 0 && Math.floorMod(step, (long) ring.rows()) == row && read(file, step) ? step : -1;
    }

    /** The row's first page, in which most rows end; whether there is as much as a head. */
    private boolean begin(FileChannel file, long offset) throws IOException {
        bytes.clear().limit(Layout.PAGE);
        fill(file, offset);
        return bytes.position() >= HEAD_BYTES;
    }

    private boolean isWhole(FileChannel file, long offset) throws IOException {
        int count = bytes.getInt(Long.BYTES);
        if (count < 0 || count > Layout.PLACES) {
            return false;
        }
        int length = at(count, 0);
        if (length > Layout.PAGE) {
            bytes.limit(length);
            fill(file, offset);
        }
        if (bytes.position() < length) {
            return false;
        }
        int said = bytes.getInt(Long.BYTES + Integer.BYTES);
        bytes.clear().putInt(Long.BYTES + Integer.BYTES, 0);
        return Layout.checksum(bytes.array(), 0, length) == said;
    }

    /** From the buffer's position to its limit; a file that was cut short ends early. */
    private void fill(FileChannel file, long offset) throws IOException {
        while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) >= 0) {
            // Goes on until it is full.
        }
    }
}
