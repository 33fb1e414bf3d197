package dev.banyan.control.database;

import java.util.Optional;
import java.util.Set;

/** What one look at a database server gave. */
public sealed interface Look {
    /**
     * It answered a query.
     *
     * @param inRecovery whether it is a standby
     * @param timeline of its log; grows by one with each promotion
     * @param received as far as its log is on its disk, in bytes from the beginning; a primary's own as far as it was flushed
     * @param replayed what its reads can see, in the same measure
     * @param source the server that a standby is set up to follow, by name; empty for a primary, and for a standby of one that control does not know
     * @param streaming whether a standby gets the log as it is written
     * @param standbys those that stream from this one, by name
     * @param settled whether {@code received} is all that it has: false for a standby that was started and still reads the log on its own disk, whose end it
     *     does not know yet. When in doubt, false
     * @param stranded why a standby can never follow its source again, and has to be cloned anew; empty when it can
     */
    record Answered(
            boolean inRecovery, long timeline, long received, long replayed, Optional<String> source, boolean streaming, boolean settled,
            Set<String> standbys, Optional<String> stranded) implements Look {
        public Answered {
            standbys = Set.copyOf(standbys);
        }
    }

    /**
     * It did not, in time.
     *
     * @param why as {@code no answer within 250 ms}
     */
    record Silent(String why) implements Look {}

    /**
     * Its process does not run.
     *
     * @param how as {@code killed by signal 9}
     */
    record Ended(String how) implements Look {}
}
