package dev.banyan.changes;

import java.util.List;
import java.util.Set;

/**
 * Hears of committed changes, one call after the other, on one thread, in the order of the commits. May block; while it does nothing more is
 * told, and only a bounded part of the log is read ahead. What throws is told again after a pause, for as long as it throws: nothing is left out.
 *
 * <p>Each transaction is told at least once. After a lost connection or a restart, what was told last may be told again, whole transactions
 * from their first change on, in the same order.
 */
public interface ChangeListener {
    /**
     * A transaction that changed something in the tables asked for; large ones come in parts, one after the other with the same {@code commit}, each
     * of bounded size. May name a table before {@link #following} does.
     */
    void committed(Commit commit, List<Change> changes);

    /**
     * From now on these tables are followed without a gap: whatever of them is not visible yet at this moment will be told when it is committed.
     * Told at first, after each {@link #lost}, and when the tables are others, then with all that are followed: of one that was not among
     * those told last anything may have changed unseen before. A table that does not exist yet is not among them.
     *
     * @param tables as {@link Change#table()} names them
     * @param since what is followed and from where, in words
     */
    void following(Set<String> tables, String since);

    /** There is a gap, or may be one: anything may have changed unseen since. Nothing is followed until {@link #following} is told again. */
    void lost(String why);
}
