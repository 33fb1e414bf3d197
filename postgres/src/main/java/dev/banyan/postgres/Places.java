package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.topology.DatabaseRouter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections one login may have open to one member over all loops, who waits for them, and which loop gets one from another. Safe
 * for any thread; what opens, closes and moves is guarded by the monitor of its {@link MemberPlaces}.
 *
 * @param <C> the router's connections
 */
final class Places<C extends ServerPool.Connection> {
    /** A loop that has connections of its own asks the others only for someone who has waited this long: moving one costs both loops. */
    static final long OWN_FIRST_NANOS = 10_000_000;

    private final PoolKey login;
    private final MemberPlaces<C> member;
    private final List<ServerPool<C>> pools = new ArrayList<>();
    private final Map<ServerPool<C>, Ask> asks = new LinkedHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean wanted;
    private volatile int open;
    private int opening;
    private int mostOpen;

    Places(PoolKey login, MemberPlaces<C> member) {
        this.login = login;
        this.member = member;
    }

    PoolKey login() {
        return login;
    }

    MemberPlaces<C> member() {
        return member;
    }

    DatabaseRouter.Pool settings() {
        return member.settings();
    }

    /** A loop's pool joins. */
    void join(ServerPool<C> pool) {
        synchronized (member) {
            pools.add(pool);
        }
    }

    // Who waits.

    /** One more waits, unless there are as many as may. */
    boolean enterLine() {
        if (waiting.incrementAndGet() > settings().queue()) {
            waiting.decrementAndGet();
            return false;
        }
        return true;
    }

    void leaveLine(int lessees) {
        if (waiting.addAndGet(-lessees) == 0 && wanted) {
            synchronized (member) {
                member.dismissSated(null);
            }
        }
    }

    int waiting() {
        return waiting.get();
    }

    void waited(long nanos) {
        member.waited(nanos);
    }

    // Opening and closing.

    /** Takes a place for a connection that the pool opens now; then {@link #opened} or {@link #failed} must follow. */
    boolean take(ServerPool<C> pool, long nowNanos) {
        if (open >= settings().size()) {
            return false; // not a lock for each one who waits for a busy pool
        }
        synchronized (member) {
            if (open >= settings().size() || !member.take(this, nowNanos)) {
                return false;
            }
            open++;
            opening++;
            pool.own++;
            mostOpen = Math.max(mostOpen, open);
            return true;
        }
    }

    Berth<C> opened(ServerPool<C> pool, long openedNanos) {
        synchronized (member) {
            opening--;
            member.opened();
            member.wakeWaiting();
            return new Berth<>(pool, member.endNanos(openedNanos));
        }
    }

    /** @param mayHeal it is worth trying again: the server did not answer, or is not ready yet */
    void failed(ServerPool<C> pool, PostgresError why, boolean mayHeal, long nowNanos) {
        synchronized (member) {
            opening--;
            open--;
            pool.own--;
            member.failed(why, mayHeal, nowNanos);
            look();
            member.wakeWaiting();
        }
    }

    /** The channel of a connection is closed. */
    void closed(Berth<C> berth) {
        synchronized (member) {
            open--;
            berth.free = true;
            berth.pool.own--;
            member.closed(berth.makesRoom);
            look();
            member.wakeWaiting();
        }
    }

    /** Whether fewer are open than are to be kept, now that there were as many once. */
    boolean lacks() {
        synchronized (member) {
            return !member.isClosed() && open < Math.min(settings().min(), mostOpen);
        }
    }

    /** Whether there are more than are to be kept. */
    boolean hasSpare() {
        return open > settings().min();
    }

    int open() {
        return open;
    }

    boolean couldUseMore() {
        return waiting.get() > 0 && open < settings().size();
    }

    // Loops that want one from another.

    /** Whether what comes back may be wanted elsewhere; then {@link #fate} says where. A plain read. */
    boolean wanted() {
        return wanted;
    }

    /**
     * The pool has waiters and can open nothing: others are to give it theirs.
     *
     * @param sinceNanos since when its first one waits
     * @param lacking how many of its waiters have nothing coming
     */
    void ask(ServerPool<C> pool, long sinceNanos, int lacking, long nowNanos) {
        synchronized (member) {
            int more = lacking - pool.arriving;
            if (more <= 0 || pool.own > 0 && nowNanos - sinceNanos < OWN_FIRST_NANOS) {
                return;
            }
            asks.put(pool, new Ask(sinceNanos, more));
            look();
            for (ServerPool<C> other : pools) {
                if (other != pool && other.idle() > 0) {
                    other.share();
                }
            }
        }
    }

    /** Nobody waits there any more. */
    void withdraw(ServerPool<C> pool) {
        synchronized (member) {
            if (asks.remove(pool) != null) {
                look();
            }
        }
    }

    /**
     * What becomes of an unused connection.
     *
     * @param firstSinceNanos since when the first one waits at its own loop; none waits when this is Long.MAX_VALUE
     */
    Fate<C> fate(Berth<C> berth, long firstSinceNanos) {
        synchronized (member) {
            if (berth.free || member.isClosed() || open > settings().size() || member.isOverfull()) {
                return new Fate.Close<>();
            }
            if (member.yields(this)) {
                berth.makesRoom = true;
                return new Fate.Close<>();
            }
            ServerPool<C> neediest = neediest(berth.pool, firstSinceNanos);
            if (neediest == null) {
                return new Fate.Stay<>();
            }
            berth.pool.own--;
            berth.pool = neediest;
            neediest.own++;
            neediest.arriving++;
            return new Fate.Move<>(neediest);
        }
    }

    private ServerPool<C> neediest(ServerPool<C> owner, long firstSinceNanos) {
        ServerPool<C> neediest = null;
        for (Map.Entry<ServerPool<C>, Ask> each : asks.entrySet()) {
            if (each.getKey() != owner && (neediest == null || each.getValue().sinceNanos - asks.get(neediest).sinceNanos < 0)) {
                neediest = each.getKey();
            }
        }
        if (neediest == null || firstSinceNanos != Long.MAX_VALUE && firstSinceNanos - asks.get(neediest).sinceNanos < OWN_FIRST_NANOS) {
            return null; // its own clients wait about as long: equal waits need no moving
        }
        Ask ask = asks.get(neediest);
        if (ask.lacking == 1) {
            asks.remove(neediest);
            look();
        } else {
            asks.put(neediest, new Ask(ask.sinceNanos, ask.lacking - 1));
        }
        return neediest;
    }

    /** A connection that moved has come, or was lost on its way. */
    void arrived(ServerPool<C> pool) {
        synchronized (member) {
            pool.arriving--;
        }
    }

    /** The connection is closed now to make room, as the member asked. */
    void makesRoom(Berth<C> berth) {
        synchronized (member) {
            if (berth.free) {
                member.madeNoRoom();
            } else {
                berth.makesRoom = true;
            }
        }
    }

    /** The member asked for room, but there was nothing to close. */
    void makesNoRoom() {
        synchronized (member) {
            member.madeNoRoom();
        }
    }

    // What the member asks, under its monitor.

    /** Sees anew whether anything that comes back may be wanted elsewhere. */
    void look() {
        wanted = !asks.isEmpty() || member.isClosed() || member.isCrowded() || open > settings().size();
    }

    int idle() {
        int idle = 0;
        for (ServerPool<C> pool : pools) {
            idle += pool.idle();
        }
        return idle;
    }

    long leases() {
        long leases = 0;
        for (ServerPool<C> pool : pools) {
            leases += pool.leases();
        }
        return leases;
    }

    /** The loop's pool that has the most unused connections. */
    ServerPool<C> mostIdle() {
        ServerPool<C> most = pools.getFirst();
        for (ServerPool<C> pool : pools) {
            most = pool.idle() > most.idle() ? pool : most;
        }
        return most;
    }

    void wakeWaiting() {
        if (waiting.get() > 0) {
            pools.forEach(ServerPool::wake);
        }
    }

    void close(PostgresError why) {
        look();
        pools.forEach(pool -> pool.loop().execute(() -> pool.close(why)));
    }

    /** A client has waited as long as it may: what it is told. */
    PostgresError patienceOver() {
        PoolFigures figures = figures();
        // A server that could not be reached lately is no reason while connections to it are busy.
        Optional<PostgresError> failure = figures.open() > figures.opening() ? Optional.empty() : member.lastFailure();
        return PoolTrouble.patienceOver(figures, settings(), failure);
    }

    PoolFigures figures() {
        synchronized (member) {
            int idle = idle();
            return new PoolFigures(member.member(), login, open, opening, idle, Math.max(0, open - opening - idle), waiting.get());
        }
    }

    /** What becomes of a connection that is unused. */
    sealed interface Fate<C extends ServerPool.Connection> {
        record Stay<C extends ServerPool.Connection>() implements Fate<C> {}

        record Close<C extends ServerPool.Connection>() implements Fate<C> {}

        record Move<C extends ServerPool.Connection>(ServerPool<C> to) implements Fate<C> {}
    }

    private record Ask(long sinceNanos, int lacking) {}
}
