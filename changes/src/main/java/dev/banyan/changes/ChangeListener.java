package dev.banyan.changes;

import java.util.List;

/** Hears of committed changes, one call after the other, on one thread, in the order of the commits. May block; while it does nothing more is read. */
public interface ChangeListener {
    /** A transaction that changed something; large ones come in parts, one after the other. What throws is told again after a pause. */
    void committed(Commit commit, List<Change> changes);

    /** From now on the log is followed without a gap, and everything that is visible at this moment was committed before or will be told. */
    void following(String since);

    /** There is a gap, or may be one: anything may have changed unseen since. It is told before the log is followed anew. */
    void lost(String why);
}
