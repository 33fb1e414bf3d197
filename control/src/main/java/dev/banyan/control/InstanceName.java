package dev.banyan.control;

import dev.banyan.topology.Topology;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one instance of the application or of a service: its slot, and its generation in that slot. The application's first of slot 2 is {@code
 * web-2}; the one a deploy puts in its place is {@code web-2.2}, the next {@code web-2.3}; those of a service {@code search} are {@code search-2} and so
 * on. So a name says which place it takes, and is unique among all that run, lingering ones included.
 *
 * @param service whose; the application's is {@value dev.banyan.topology.Topology#APPLICATION}
 * @param slot 1 to the number of instances
 * @param generation 1 for the first in its slot
 */
public record InstanceName(String service, int slot, int generation) implements Comparable<InstanceName> {
    private static final String OF_APPLICATION = "web";
    private static final Pattern SHAPE = Pattern.compile("([a-z0-9]|[a-z0-9][a-z0-9-]{0,61}[a-z0-9])-([1-9][0-9]{0,5})(?:\\.([1-9][0-9]{0,5}))?");
    private static final Comparator<InstanceName> ORDER =
            Comparator.<InstanceName, Boolean>comparing(name -> !name.service.equals(Topology.APPLICATION)).thenComparing(InstanceName::service)
                    .thenComparingInt(InstanceName::slot).thenComparingInt(InstanceName::generation);

    public InstanceName {
        if (slot < 1 || generation < 1) {
            throw new IllegalArgumentException("slots and generations count from 1: slot " + slot + ", generation " + generation);
        }
    }

    /** The name as it is printed, read back. */
    public static InstanceName parse(String text) {
        Matcher name = SHAPE.matcher(text);
        if (!name.matches()) {
            throw new IllegalArgumentException("an instance is called web-SLOT, web-SLOT.GENERATION or likewise with the name of its service, not '" + text + "'");
        }
        String service = name.group(1).equals(OF_APPLICATION) ? Topology.APPLICATION : name.group(1);
        return new InstanceName(service, Integer.parseInt(name.group(2)), name.group(3) == null ? 1 : Integer.parseInt(name.group(3)));
    }

    @Override
    public int compareTo(InstanceName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String first = (service.equals(Topology.APPLICATION) ? OF_APPLICATION : service) + "-" + slot;
        return generation == 1 ? first : first + "." + generation;
    }
}
