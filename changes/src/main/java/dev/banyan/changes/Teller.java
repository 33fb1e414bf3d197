package dev.banyan.changes;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.Optional;

/** The one thread that calls the listener. What the listener throws is told to nobody but the status and a counter; the same is told again after a pause. */
final class Teller implements Runnable {
    private final Handover handover;
    private final ChangeListener listener;
    private final Backoff backoff;
    private final Clock clock;
    private final Figures figures;
    private volatile String failure = "";

    Teller(Handover handover, Setup setup, Figures figures) {
        this.handover = handover;
        this.listener = setup.listener();
        this.backoff = new Backoff(setup.random());
        this.clock = setup.clock();
        this.figures = figures;
    }

    @Override
    public void run() {
        try {
            for (Told item = handover.take(); item != null; item = handover.take()) {
                if (tell(item)) {
                    backoff.reset();
                    failure = "";
                    handover.done();
                } else {
                    clock.sleep(backoff.next());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            handover.close();
        }
    }

    /** What the listener threw last, until it takes what it threw at. */
    Optional<String> failure() {
        return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
    }

    private boolean tell(Told item) {
        try {
            switch (item) {
                case Told.Part part -> tell(part);
                case Told.Following following -> listener.following(following.tables(), following.since());
                case Told.Lost lost -> listener.lost(lost.why());
            }
            return true;
        } catch (RuntimeException | Error e) {
            figures.listenerFailed();
            failure = "the listener threw " + e.getClass().getName() + " at " + name(item) + ", and is told again: look for its cause in the log, mend what it writes to";
            return false;
        }
    }

    private void tell(Told.Part part) {
        if (!part.changes().isEmpty()) {
            listener.committed(part.commit(), part.changes());
        }
        figures.told(part.changes().size(), part.end() != 0, Duration.between(part.commit().at(), clock.now()));
    }

    private static String name(Told item) {
        return switch (item) {
            case Told.Part part -> "transaction " + part.commit().xid() + " of " + part.commit().at();
            case Told.Following _ -> "'following'";
            case Told.Lost _ -> "'lost'";
        };
    }
}
