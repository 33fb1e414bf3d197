package dev.banyan.changes;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Decision;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a feed needs.
 *
 * @param primary the server that is written to now; empty while there is none. Asked often, by any thread: must not block
 * @param tables whose changes are wanted now; may change, see {@link ChangeFeed#tablesChanged}. Asked often, by any thread: must not block
 * @param slot the replication slot's name: lower-case letters, digits and underscores, at most 63; the feed's own
 * @param publication the publication's name, of the same form; the feed's own
 * @param walBound past so much log kept by the server for the slot it is said; and if the listener does not get on, the slot is given up
 * @param decisions told, on a thread of the feed's, what it did by itself
 */
public record Setup(
        Supplier<Optional<Primary>> primary, Supplier<Set<WatchedTable>> tables, String slot, String publication, ByteSize walBound, ChangeListener listener,
        Consumer<Decision> decisions, Clock clock, Loops loops, RandomGenerator random, Registry registry) {

    public Setup {
        mustBeName("a slot", slot);
        mustBeName("a publication", publication);
    }

    private static void mustBeName(String of, String name) {
        if (!name.matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException("the name of " + of + " is 1 to 63 lower-case letters, digits and underscores, not '" + name + "'");
        }
    }

    /** The name of a site's slot and publication: {@code banyan_my_site}. */
    public static String nameFor(String site) {
        String name = "banyan_" + site.replace('-', '_');
        return name.length() <= 63 ? name : name.substring(0, 54) + "_" + Integer.toHexString(site.hashCode());
    }
}
