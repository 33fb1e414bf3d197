package dev.banyan.topology;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written with a unit: {@code 64KiB} is 65536, {@code 10MB} is 10000000. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)");

    /** Larger first, so that the first that divides a number is the one to write it in. */
    private static final List<Unit> UNITS = List.of(
            new Unit("TiB", 1L << 40),
            new Unit("TB", 1_000_000_000_000L),
            new Unit("GiB", 1L << 30),
            new Unit("GB", 1_000_000_000),
            new Unit("MiB", 1L << 20),
            new Unit("MB", 1_000_000),
            new Unit("KiB", 1L << 10),
            new Unit("KB", 1_000),
            new Unit("B", 1));

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative: " + bytes);
        }
    }

    /** @throws IllegalArgumentException when the text is not a whole number and one of the units, or past 8 EiB */
    public static ByteSize parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("a size is a whole number and B, KB, MB, GB, TB, KiB, MiB, GiB or TiB, as 64KiB, not '" + text + "'");
        }
        long factor = UNITS.stream().filter(unit -> unit.name.equals(form.group(2))).findFirst().orElseThrow().bytes;
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), factor));
        } catch (ArithmeticException tooMuch) {
            throw new IllegalArgumentException("a size is at most 8 EiB, not " + text, tooMuch);
        }
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** As the site file writes it. */
    @Override
    public String toString() {
        Unit unit = UNITS.stream().filter(one -> bytes != 0 && bytes % one.bytes == 0).findFirst().orElse(UNITS.getLast());
        return bytes / unit.bytes + unit.name;
    }

    private record Unit(String name, long bytes) {}
}
