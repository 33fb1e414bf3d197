package dev.banyan.control;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one application instance: its slot, and its generation in that slot. The first of slot 2 is {@code web-2}; the one a deploy
 * puts in its place is {@code web-2.2}, the next {@code web-2.3}. So a name says which place it takes, and is unique among all that run,
 * lingering ones included.
 *
 * @param slot 1 to the number of instances
 * @param generation 1 for the first in its slot
 */
public record InstanceName(int slot, int generation) implements Comparable<InstanceName> {
    private static final Pattern SHAPE = Pattern.compile("web-([1-9][0-9]{0,5})(?:\\.([1-9][0-9]{0,5}))?");
    private static final Comparator<InstanceName> ORDER =
            Comparator.comparingInt(InstanceName::slot).thenComparingInt(InstanceName::generation);

    public InstanceName {
        if (slot < 1 || generation < 1) {
            throw new IllegalArgumentException("slots and generations count from 1: slot " + slot + ", generation " + generation);
        }
    }

    /** The name as it is printed, read back. */
    public static InstanceName parse(String text) {
        Matcher name = SHAPE.matcher(text);
        if (!name.matches()) {
            throw new IllegalArgumentException("an instance is called web-SLOT or web-SLOT.GENERATION, not '" + text + "'");
        }
        return new InstanceName(Integer.parseInt(name.group(1)), name.group(2) == null ? 1 : Integer.parseInt(name.group(2)));
    }

    @Override
    public int compareTo(InstanceName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return generation == 1 ? "web-" + slot : "web-" + slot + "." + generation;
    }
}
