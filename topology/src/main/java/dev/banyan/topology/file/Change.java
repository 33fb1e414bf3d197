package dev.banyan.topology.file;

import dev.banyan.topology.Applied.Effect;

/**
 * One key whose value differs between two sites.
 *
 * @param path where in the site file, as {@code front-door.timeouts.connect}
 * @param before as the site file would write it; {@link #NONE} when it was absent, {@link #SECRET} when it is never shown
 * @param after the same of the other site
 * @param effect what it takes to apply it
 */
public record Change(String path, String before, String after, Effect effect) {
    public static final String NONE = "none";
    public static final String SECRET = "***";

    /** {@code front-door.timeouts.connect: 1s -> 2s}; of a secret only that it changed. */
    @Override
    public String toString() {
        return path + ": " + (before.equals(SECRET) && after.equals(SECRET) ? "changed" : before + " -> " + after);
    }
}
