package dev.banyan.http.cache;

import java.util.concurrent.atomic.AtomicReference;

/**
 * What a reader has run when there is more, once for each time that it waits. Whoever brings more first publishes it, then asks {@link #due}, and calls {@link #run}
 * holding no lock; the reader first {@link #waits}, then looks once more whether there is something, unless a lock keeps the two apart.
 */
final class Wake {
    private enum Owed {
        NOTHING,
        /** When more comes. */
        WAITING,
        /** More has come, and what to run may not be known yet. */
        UNHEARD
    }

    private final AtomicReference<Owed> owed = new AtomicReference<>(Owed.NOTHING);
    private volatile Runnable wake;

    /** What to run. It is run at once when it is due already. */
    void with(Runnable run) {
        wake = run;
        run();
    }

    void waits() {
        owed.set(Owed.WAITING);
    }

    /** It found something itself. */
    void cancel() {
        owed.set(Owed.NOTHING);
    }

    /** Whether somebody waited, who does so no longer: {@link #run} is to be called. */
    boolean due() {
        return owed.compareAndSet(Owed.WAITING, Owed.UNHEARD);
    }

    void run() {
        Runnable now = wake;
        if (now != null && owed.compareAndSet(Owed.UNHEARD, Owed.NOTHING)) {
            now.run();
        }
    }
}
