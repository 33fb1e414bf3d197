package dev.banyan.control.database;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * For which standbys the primary's commits wait, as far as this control knows.
 *
 * @param standbys as it was last told; empty when this control has not told it yet
 * @param since when it was told, the clock's nanoseconds
 * @param mark a position of the primary's log after that: every commit that may have been acknowledged under another setting is before it
 */
record Waiting(Optional<List<String>> standbys, long since, OptionalLong mark) {
    static final Waiting UNKNOWN = new Waiting(Optional.empty(), 0, OptionalLong.empty());

    static Waiting told(List<String> standbys, long now) {
        return new Waiting(Optional.of(List.copyOf(standbys)), now, OptionalLong.empty());
    }

    /** After a look at the primary that began at that time. */
    Waiting seen(long position, long at) {
        return mark.isPresent() || standbys.isEmpty() || at < since ? this : new Waiting(standbys, since, OptionalLong.of(position));
    }

    boolean isFor(List<String> others) {
        return standbys.equals(Optional.of(others));
    }
}
