package dev.banyan.changes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Committed changes of chosen tables, from the log of whoever is the primary, told to one listener in the order of the commits, each transaction at
 * least once ({@link ChangeListener}). It makes what it needs: a publication, the tables' replica identity, a replication slot.
 *
 * <p>A lost connection is made again and the log read on where the listener was; no gap is told for that. A gap is told when the slot is gone, was
 * invalidated, or is not the one that was read: after a failover to a server without it, for one. Then there is a new slot.
 *
 * <p>Safe for any thread.
 */
public final class ChangeFeed implements AutoCloseable {
    private static final long LISTENER_MILLIS = 5_000;

    private final Feeding feed;
    private final Follower follower;
    private final Teller teller;
    private final AtomicBoolean closing = new AtomicBoolean();

    private ChangeFeed(Setup setup) {
        this.feed = new Feeding(setup);
        this.follower = new Follower(feed);
        this.teller = new Teller(feed.handover(), setup, feed.figures());
    }

    /** Begins to follow, on threads of its own. What keeps it from doing so is told by {@link #status}, and tried again. */
    public static ChangeFeed of(Setup setup) {
        ChangeFeed feed = new ChangeFeed(setup);
        setup.loops().blocking().execute(feed.teller);
        setup.loops().blocking().execute(feed.follower);
        return feed;
    }

    /** There is another primary, or none, or one again: asked for at once. */
    public void primaryChanged() {
        feed.wake().ring();
    }

    /** Other tables are wanted, or one of them was made: looked at at once. */
    public void tablesChanged() {
        feed.tablesChanged();
    }

    public FeedStatus status() {
        List<String> problems = new ArrayList<>(feed.notes().all());
        teller.failure().ifPresent(problems::add);
        return new FeedStatus(
                follower.state(), feed.setup().slot(), follower.server().map(Primary::address), follower.followed(),
                Figures.show(feed.handover().told()), feed.figures().lagBytes(), feed.figures().lag(), feed.figures().keptBytes(), problems);
    }

    /**
     * Ends it; slot and publication stay, and the server keeps log from here on until it is followed again or dropped. Waits up to 5 s for
     * the listener to return from what it is being told.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        feed.close();
        try {
            feed.handover().awaitRest(LISTENER_MILLIS);
            follower.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it and takes slot and publication away for good; a replica identity that it has changed is set back. Blocks, at most some 30 s. */
    public Removal drop() {
        close();
        try {
            return new Dismantling(feed.setup()).at(feed.setup().primary().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Removal.Left("interrupted before slot " + feed.setup().slot() + " was dropped", "SELECT pg_drop_replication_slot('" + feed.setup().slot() + "')");
        }
    }
}
