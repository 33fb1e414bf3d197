package dev.banyan.drill.site;

import dev.banyan.drill.AuditReport;
import java.util.Optional;

/** The users of a drill: they come when it begins, and each request of theirs is told to {@link Users}. Used by one thread. */
interface Crowd extends AutoCloseable {
    /** Returns when all have joined and the first asks. */
    void begin() throws InterruptedException;

    /** Sends them home, waits for what is under way, and looks for every write that was acknowledged; empty when they make none. */
    Optional<AuditReport> end() throws InterruptedException;

    /** Sends them home, whatever became of their writes. Without effect after {@link #end}. */
    @Override
    void close();
}
