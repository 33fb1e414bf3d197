package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.postgres.Places.Fate;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.topology.DatabaseRouter;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Connections of one login (user, database) to one member, on one IO loop. Owned by that loop; only what says so may be called by others.
 *
 * <p>An unused connection is leased and given back without a lock and without allocation. Who finds none waits, first come, first served,
 * while one is opened, if the {@link Places} allow it, or is fetched from another loop. A place is free again when the channel is closed,
 * whoever closed it.
 */
final class ServerPool<C extends ServerPool.Connection> {
    private static final long TICK_NANOS = 10_000_000;
    private static final long LEAST_SWEEP_NANOS = 100_000_000;
    private static final long MOST_SWEEP_NANOS = 10_000_000_000L;

    /** A connection to a server as far as a pool is concerned. While it is unused it has no timer running, and a read under way. */
    interface Connection {
        Channel channel();

        /** It is open, and clean: the next lessee finds nothing of the one before. */
        boolean reusable();

        /** Closes the channel, at once or soon; closing again does nothing. */
        void close();

        /** The settings it has now, compared by {@code equals}. */
        Object settings();

        /** When it was opened, by the clock's nanoseconds. */
        long openedNanos();

        /** It is on the loop of that pool from now on; called there, before anything is read from it. */
        void movedTo(ServerPool<?> pool);
    }

    /** Who wants a connection. Gets one answer to each {@link #lease}: one of these three, or none if it has left. */
    interface Lessee<C extends Connection> {
        void granted(C connection);

        void refused(PostgresError why);

        /**
         * The member has left the cluster: ask again where the statement belongs now.
         *
         * @param why what to say if there is no such place
         */
        void moved(PostgresError why);

        /** A connection with the same is preferred. */
        Object settings();
    }

    /** Opens connections. Answers by exactly one of the two, on the loop, at once or later; a failure's SQLSTATE is 08... when the server did not answer. */
    @FunctionalInterface
    interface Opener<C extends Connection> {
        void open(EventLoop loop, Consumer<C> opened, Consumer<PostgresError> failed);
    }

    private final Places<C> places;
    private final EventLoop loop;
    private final Opener<C> opener;
    private final Clock clock;
    private final IdleConnections<C> idle = new IdleConnections<>();
    private final WaitingLine<C> line = new WaitingLine<>();
    private final AtomicInteger idleSeen = new AtomicInteger();
    private final AtomicLong leases = new AtomicLong();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicBoolean sharing = new AtomicBoolean();
    private int opening;
    private boolean ticking;
    private boolean sweeping;
    private boolean settling;
    private boolean asked;
    private PostgresError closedBecause;

    /** Connections that are here, opening or on their way here; guarded by the monitor of the {@link MemberPlaces}. */
    int own;

    /** Those on their way here; guarded by the same. */
    int arriving;

    ServerPool(Places<C> places, EventLoop loop, Opener<C> opener, Clock clock) {
        this.places = places;
        this.loop = loop;
        this.opener = opener;
        this.clock = clock;
        places.join(this);
    }

    EventLoop loop() {
        return loop;
    }

    Places<C> places() {
        return places;
    }

    /** Unused connections, as seen by any thread. */
    int idle() {
        return idleSeen.getOpaque();
    }

    /** How often a connection was leased, as seen by any thread. */
    long leases() {
        return leases.getOpaque();
    }

    /** Those that are unused now. */
    List<C> unused() {
        return idle.all();
    }

    /** How long the first one has waited, in nanoseconds; 0 when nobody waits. */
    long longestWaitNanos(long nowNanos) {
        return line.isEmpty() ? 0 : nowNanos - line.firstSince();
    }

    /** Gives the lessee a connection, at once or later, or says why not. */
    void lease(Lessee<C> lessee, long nowNanos) {
        if (closedBecause != null) {
            lessee.moved(closedBecause);
            return;
        }
        C unused = line.isEmpty() ? take(lessee.settings()) : null;
        if (unused != null) {
            grant(lessee, unused);
        } else {
            await(lessee, nowNanos);
        }
    }

    /** It no longer waits: its client went away. */
    void leave(Lessee<C> lessee) {
        if (line.remove(lessee)) {
            places.leaveLine(1);
            withdrawIfServed();
        }
    }

    /** Takes back a connection that was leased: to be used again, or to be closed if it is not reusable. */
    void giveBack(C connection, long nowNanos) {
        if (closedBecause != null || !connection.reusable() || berth(connection).isOver(nowNanos)) {
            connection.close();
            return;
        }
        Fate<C> fate = places.wanted() ? fate(connection) : null;
        if (fate == null || fate instanceof Fate.Stay) {
            idle.push(connection, nowNanos);
            idleChanged();
            settle();
        } else {
            letGo(connection, fate);
        }
    }

    /** Its channel was closed, while it was leased or unused. */
    void gone(C connection, long nowNanos) {
        if (idle.remove(connection)) {
            idleChanged();
        }
        if (places.lacks()) {
            sweepLater();
        }
    }

    /** The member has left the cluster: closes what is unused, and what comes back, and sends on who waits. */
    void close(PostgresError why) {
        closedBecause = why;
        for (C unused = idle.takeOldest(); unused != null; unused = idle.takeOldest()) {
            unused.close();
        }
        idleChanged();
        sendOn(why);
    }

    /** The member is not what it was, a primary no more: who waits here is told to ask again where its statement belongs now. */
    void sendOn(PostgresError why) {
        List<Lessee<C>> sentOn = line.takeAll();
        places.leaveLine(sentOn.size());
        withdrawIfServed();
        sentOn.forEach(lessee -> lessee.moved(why));
    }

    private void grant(Lessee<C> lessee, C connection) {
        leases.setOpaque(leases.getPlain() + 1); // written by this loop alone
        lessee.granted(connection);
    }

    private C take(Object settings) {
        C unused = idle.take(settings);
        while (unused != null && !unused.reusable()) {
            unused.close(); // its end was seen by its channel, and not yet told here
            unused = idle.take(settings);
        }
        idleChanged();
        return unused;
    }

    private void idleChanged() {
        idleSeen.setOpaque(idle.size());
    }

    // Waiting.

    private void await(Lessee<C> lessee, long nowNanos) {
        line.add(lessee, nowNanos);
        if (!places.enterLine()) {
            line.remove(lessee);
            lessee.refused(PoolTrouble.lineFull(places.figures(), places.settings()));
            return;
        }
        tickLater();
        seek(nowNanos);
    }

    /** Opens what is missing, and asks other loops for what may not be opened. */
    private void seek(long nowNanos) {
        while (line.size() > opening && places.take(this, nowNanos)) {
            open();
        }
        if (line.size() > opening) {
            asked = true;
            places.ask(this, line.firstSince(), line.size() - opening, nowNanos);
        }
    }

    /** Serves who waits as long as there is an unused connection; who gives one back in the meantime does not begin anew. */
    private void settle() {
        if (settling) {
            return;
        }
        settling = true;
        try {
            while (!line.isEmpty() && idle.size() > 0) {
                C unused = take(line.first().settings());
                if (unused != null) {
                    Lessee<C> first = line.first();
                    places.waited(clock.nanos() - line.firstSince());
                    line.remove(first);
                    places.leaveLine(1);
                    grant(first, unused);
                }
            }
        } finally {
            settling = false;
        }
        withdrawIfServed();
        if (idle.size() > 0) {
            sweepLater();
        }
    }

    private void withdrawIfServed() {
        if (asked && line.isEmpty()) {
            asked = false;
            places.withdraw(this);
        }
    }

    private void tickLater() {
        if (!ticking) {
            ticking = true;
            loop.schedule(this::tick, TICK_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        ticking = false;
        long now = clock.nanos();
        long patienceNanos = places.settings().patience().toNanos();
        while (!line.isEmpty() && now - line.firstSince() >= patienceNanos) {
            PostgresError why = places.patienceOver();
            Lessee<C> first = line.first();
            leave(first);
            first.refused(why);
        }
        if (!line.isEmpty()) {
            tickLater();
            seek(now);
        }
    }

    // Opening.

    private void open() {
        opening++;
        Attempt attempt = new Attempt();
        try {
            opener.open(loop, attempt::opened, attempt::failed);
        } catch (RuntimeException bug) {
            attempt.failed(PostgresError.error("XX000", "the router could not open a connection: " + bug));
        }
    }

    private void opened(C connection) {
        Berth<C> berth = places.opened(this, connection.openedNanos());
        connection.channel().attr(Berth.KEY).set(berth);
        connection.channel().closeFuture().addListener(_ -> places.closed(berth));
        giveBack(connection, clock.nanos());
    }

    private void openFailed(PostgresError why) {
        boolean others = PoolTrouble.isCrowded(why) && places.open() > 1;
        boolean mayHeal = others || PoolTrouble.mayHeal(why);
        places.failed(this, why, mayHeal, clock.nanos());
        if (!mayHeal) {
            List<Lessee<C>> refused = line.takeAll();
            places.leaveLine(refused.size());
            withdrawIfServed();
            refused.forEach(lessee -> lessee.refused(why));
        }
    }

    /** One answer to one attempt, whatever the opener says afterwards. */
    private final class Attempt {
        private boolean answered;

        void opened(C connection) {
            if (ends()) {
                ServerPool.this.opened(connection);
            }
        }

        void failed(PostgresError why) {
            if (ends()) {
                openFailed(why);
            }
        }

        private boolean ends() {
            boolean first = !answered;
            if (first) {
                answered = true;
                opening--;
            }
            return first;
        }
    }

    // Other loops.

    private Fate<C> fate(C connection) {
        return places.fate(berth(connection), line.isEmpty() ? Long.MAX_VALUE : line.firstSince());
    }

    private void letGo(C connection, Fate<C> fate) {
        switch (fate) {
            case Fate.Stay<C> _ -> throw new IllegalArgumentException("it stays");
            case Fate.Close<C> _ -> connection.close();
            case Fate.Move<C>(var to) -> Handover.begin(connection, places, to);
        }
    }

    /** A connection has come from another loop and is registered at this one. */
    void adopt(C connection) {
        places.arrived(this);
        connection.movedTo(this);
        connection.channel().read(); // what was asked for at the other loop was lost with it
        giveBack(connection, clock.nanos());
    }

    /** Another loop has asked: gives it what is unused here. Any thread. */
    void share() {
        later(sharing, () -> {
            while (idle.size() > 0 && places.wanted()) {
                C oldest = idle.at(0);
                Fate<C> fate = fate(oldest);
                if (fate instanceof Fate.Stay) {
                    return;
                }
                idle.takeOldest();
                idleChanged();
                letGo(oldest, fate);
            }
        });
    }

    /** The longest unused connection is closed for another login, if it was not used for so long. Any thread; answered by makesRoom or makesNoRoom. */
    void dropOldest(long unusedNanos) {
        post(() -> {
            if (idle.size() == 0 || clock.nanos() - idle.oldestSince() < unusedNanos) {
                places.makesNoRoom();
                return;
            }
            C oldest = idle.takeOldest();
            idleChanged();
            places.makesRoom(berth(oldest));
            oldest.close();
        });
    }

    /** A place may have become free: who waits here tries again. Any thread. */
    void wake() {
        later(woken, () -> {
            if (!line.isEmpty() && closedBecause == null) {
                seek(clock.nanos());
            }
        });
    }

    private void later(AtomicBoolean posted, Runnable task) {
        if (posted.compareAndSet(false, true)) {
            post(() -> {
                posted.set(false);
                task.run();
            });
        }
    }

    private void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException shutDown) {
            // The loop has ended and its connections with it: there is nobody left who waits.
        }
    }

    // Age.

    private void sweepLater() {
        if (!sweeping && closedBecause == null) {
            sweeping = true;
            DatabaseRouter.Pool settings = places.settings();
            long shortest = Math.min(settings.idle().toNanos(), settings.lifetime().toNanos());
            loop.schedule(this::sweep, Math.clamp(shortest / 8, LEAST_SWEEP_NANOS, MOST_SWEEP_NANOS), TimeUnit.NANOSECONDS);
        }
    }

    /** Closes what is too old or was not used for too long, and opens what is to be kept open. */
    private void sweep() {
        sweeping = false;
        long now = clock.nanos();
        long idleNanos = places.settings().idle().toNanos();
        for (int i = idle.size() - 1; i >= 0; i--) {
            C unused = idle.at(i);
            if (berth(unused).isOver(now)) {
                idle.remove(unused);
                unused.close();
            }
        }
        while (idle.size() > 0 && now - idle.oldestSince() >= idleNanos && places.hasSpare()) {
            idle.takeOldest().close();
        }
        idleChanged();
        while (opening == 0 && places.lacks() && places.take(this, now)) {
            open();
        }
        if (idle.size() > 0 || places.lacks()) {
            sweepLater();
        }
    }

    @SuppressWarnings("unchecked") // set by opened(), with this type
    private Berth<C> berth(C connection) {
        return (Berth<C>) connection.channel().attr(Berth.KEY).get();
    }
}
