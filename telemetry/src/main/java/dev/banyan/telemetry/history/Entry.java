package dev.banyan.telemetry.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Whose a place is: 256 bytes with a CRC-32C, written by one call. One that a crash tore belongs to nobody.
 *
 * @param since the first step of its own: what the rows hold in this place before was another series'
 */
record Entry(KeptSeries series, long since) {
    static final int BYTES = 256;
    private static final int FIXED = Integer.BYTES + Long.BYTES + 1 + 4 * Short.BYTES;

    /** Whether its names are short enough. */
    static boolean fits(KeptSeries series) {
        return FIXED + utf8(series.id()).length + utf8(series.title()).length + utf8(series.unit()).length <= BYTES
                && series.target().stream().allMatch(target -> series.id().startsWith(target));
    }

    ByteBuffer encode() {
        byte[] id = utf8(series.id());
        byte[] title = utf8(series.title());
        byte[] unit = utf8(series.unit());
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(0).putLong(since).put((byte) series.fold().ordinal());
        bytes.putShort((short) id.length).putShort((short) title.length).putShort((short) unit.length);
        bytes.putShort(series.target().map(target -> (short) utf8(target).length).orElse((short) -1));
        bytes.put(id).put(title).put(unit);
        return bytes.putInt(0, Layout.checksum(bytes.array(), Integer.BYTES, BYTES - Integer.BYTES)).rewind();
    }

    /** Empty when the place is nobody's. */
    static Optional<Entry> decode(byte[] bytes, int from) {
        ByteBuffer entry = ByteBuffer.wrap(bytes, from, BYTES).slice();
        int sum = entry.getInt();
        long since = entry.getLong();
        byte fold = entry.get();
        short id = entry.getShort();
        short title = entry.getShort();
        short unit = entry.getShort();
        short target = entry.getShort();
        boolean whole = id > 0 && title >= 0 && unit >= 0 && FIXED + id + title + unit <= BYTES && target <= id && fold >= 0 && fold < Fold.values().length
                && sum == Layout.checksum(bytes, from + Integer.BYTES, BYTES - Integer.BYTES);
        if (!whole) {
            return Optional.empty();
        }
        int at = from + FIXED;
        Optional<String> whose = target < 0 ? Optional.empty() : Optional.of(text(bytes, at, target));
        return Optional.of(new Entry(new KeptSeries(text(bytes, at, id), text(bytes, at + id, title), text(bytes, at + id + title, unit), whose, Fold.values()[fold]), since));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
}
