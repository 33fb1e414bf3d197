package dev.banyan.engines;

import java.util.List;
import java.util.Optional;

/**
 * Where a server stands, all of one moment and asked in one round trip.
 *
 * @param inRecovery whether it is a standby: it takes no writes
 * @param timeline the history it writes, or the latest it has received something of; grows by one with each promotion
 * @param written a primary's log, as far as it is on disk; a standby's, as far as it has received and kept it
 * @param replayed what reads can see: on a primary the same as {@code written}
 * @param receiving where a standby gets its log from now; empty on a primary and while it is connected to none
 * @param standbys those that stream from this one
 * @param slots what this one keeps its log for
 * @param settled whether {@code written} is all the log it has; false for a standby that was started and still reads what is on its own disk
 * @param stranded why a standby can never follow its primary again, and has to be cloned anew; empty when it can
 */
public record Standing(
        boolean inRecovery, long timeline, WalPosition written, WalPosition replayed, Optional<Receiving> receiving, List<Streaming> standbys,
        List<Slot> slots, boolean settled, Optional<String> stranded) {
    public Standing {
        standbys = List.copyOf(standbys);
        slots = List.copyOf(slots);
    }

    /**
     * A standby's source.
     *
     * @param port at 127.0.0.1
     * @param streaming whether the log comes as it is written; false while it connects
     */
    public record Receiving(int port, boolean streaming) {}

    /**
     * A standby as its source sees it.
     *
     * @param state {@code streaming} when it is up to date or nearly so, {@code catchup} before
     * @param flushed what it has on disk
     * @param replayed what its reads can see
     * @param synchronous whether commits wait for it, alone or as one of several
     */
    public record Streaming(String name, String state, WalPosition flushed, WalPosition replayed, boolean synchronous) {}

    /**
     * The promise to keep the log for a standby until it has it.
     *
     * @param standby as {@code db-2}
     * @param active whether it is connected
     * @param lost whether the promise was broken, since {@code max_slot_wal_keep_size} was passed: the standby has to be cloned anew
     */
    public record Slot(String standby, boolean active, boolean lost) {}

    /** How this one sees a standby of its own. */
    public Optional<Streaming> standby(String name) {
        return standbys.stream().filter(standby -> standby.name().equals(name)).findFirst();
    }
}
