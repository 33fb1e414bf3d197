package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.topology.DatabaseRouter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * How many connections may be open to one member, over all logins and loops. Safe for any thread; its monitor also guards its {@link Places}
 * and is taken when a connection is opened, is closed or changes its loop, not when an unused one is leased or given back.
 *
 * <p>When the member has no place left, the next one goes to the login that has the fewest, and logins that have more give theirs up as they
 * come back, until none has two less than another that wants more (max-min fairness; one less is let be, or places would go back and forth).
 */
final class MemberPlaces<C extends ServerPool.Connection> {
    /** Another login's connection that is used now and then is worth more than a place for one that has as many. */
    private static final long UNUSED_NANOS = 1_000_000_000;

    private final Member member;
    private final RandomGenerator random;
    private final Map<PoolKey, Places<C>> logins = new HashMap<>();
    private final Set<Places<C>> starving = new LinkedHashSet<>();
    private final Reconnects reconnects;
    private volatile DatabaseRouter.Pool settings;
    private volatile boolean closed;
    private int open;
    private int opening;
    private int makingRoom;
    private long opens;
    private long failures;
    private volatile LongConsumer waits = _ -> {};

    /** @param random used under this object's monitor alone */
    MemberPlaces(Member member, DatabaseRouter.Pool settings, RandomGenerator random) {
        this.member = member;
        this.settings = settings;
        this.random = random;
        this.reconnects = new Reconnects(random);
    }

    Member member() {
        return member;
    }

    DatabaseRouter.Pool settings() {
        return settings;
    }

    /** New limits: from now on no more is opened than they allow, and what is too much is closed as it comes back. */
    synchronized void settings(DatabaseRouter.Pool changed) {
        settings = changed;
        logins.values().forEach(Places::look);
        wakeWaiting();
    }

    /** The places of one login, made when it is new. */
    synchronized Places<C> of(PoolKey login) {
        return logins.computeIfAbsent(login, key -> new Places<>(key, this));
    }

    /** Who is told how long each waited that had to wait and got a connection, in nanoseconds; on any loop. */
    void onWait(LongConsumer listener) {
        waits = listener;
    }

    void waited(long nanos) {
        waits.accept(nanos);
    }

    /** How often a connection was leased. */
    synchronized long leases() {
        return logins.values().stream().mapToLong(Places::leases).sum();
    }

    /** How many connections were opened. */
    synchronized long opens() {
        return opens;
    }

    /** How many could not be opened. */
    synchronized long failures() {
        return failures;
    }

    /** The most connections there may be for the logins that have come. */
    synchronized int most() {
        return Math.min(settings.perServer(), Math.max(1, logins.size()) * settings.size());
    }

    /** Every login's figures as they are now. */
    synchronized List<PoolFigures> figures() {
        return logins.values().stream().map(Places::figures).toList();
    }

    /**
     * The member has left the cluster: unused connections are closed now, those that come back then, and who waits is told to ask again
     * elsewhere. Each loop does so on its own thread.
     */
    synchronized void close(PostgresError why) {
        closed = true;
        logins.values().forEach(places -> places.close(why));
    }

    boolean isClosed() {
        return closed;
    }

    synchronized Optional<PostgresError> lastFailure() {
        return reconnects.lastFailure();
    }

    synchronized int open() {
        return open;
    }

    /** Takes a place for a login if there is one, it is its turn, and the member answers. */
    boolean take(Places<C> login, long nowNanos) {
        if (closed || opening >= settings.opening() || !reconnects.allow(opening, nowNanos)) {
            return false;
        }
        if (settings.perServer() - open <= aheadOf(login)) {
            if (starving.add(login)) {
                logins.values().forEach(Places::look);
            }
            makeRoom(login);
            return false;
        }
        if (starving.remove(login)) {
            logins.values().forEach(Places::look);
        }
        open++;
        opening++;
        return true;
    }

    /** How many others get a place before this login: those that want one and have fewer, or have as many and came earlier. */
    private int aheadOf(Places<C> login) {
        dismissSated(login);
        int ahead = 0;
        boolean earlier = true;
        for (Places<C> each : starving) {
            earlier &= each != login;
            if (each.open() < login.open() || earlier && each.open() == login.open()) {
                ahead++;
            }
        }
        return ahead;
    }

    /** Those that no longer want more need no room. */
    void dismissSated(Places<C> butNot) {
        if (starving.removeIf(each -> each != butNot && !each.couldUseMore())) {
            logins.values().forEach(Places::look);
        }
    }

    /** Has an unused connection of another login closed: any of one that has more, else one that has not been used for a while. */
    private void makeRoom(Places<C> hungry) {
        if (makingRoom >= lacking()) {
            return;
        }
        List<Places<C>> others = logins.values().stream().filter(each -> each != hungry && each.idle() > 0).toList();
        if (!others.isEmpty()) {
            Places<C> rich = others.stream().filter(each -> isRicher(each, hungry)).findAny().orElse(others.get(random.nextInt(others.size())));
            makingRoom++;
            rich.mostIdle().dropOldest(isRicher(rich, hungry) ? 0 : UNUSED_NANOS);
        }
    }

    /** Whether a connection of this login, just given back, is closed so that a poorer one gets its place; if so it counts as making room. */
    boolean yields(Places<C> login) {
        dismissSated(null);
        if (makingRoom >= lacking() || starving.stream().noneMatch(each -> isRicher(login, each))) {
            return false;
        }
        makingRoom++;
        return true;
    }

    /** How many places have to be freed: one for each login that starves, less those that are free. */
    private int lacking() {
        return starving.size() - (settings.perServer() - open);
    }

    private static boolean isRicher(Places<?> one, Places<?> other) {
        return one.open() > other.open() + 1;
    }

    /** Nothing was closed, though it had been asked for or decided. */
    void madeNoRoom() {
        makingRoom--;
    }

    boolean isCrowded() {
        return !starving.isEmpty() || open > settings.perServer();
    }

    boolean isOverfull() {
        return open > settings.perServer();
    }

    /** An attempt has ended well; the place stays taken until the channel is closed. */
    void opened() {
        opening--;
        opens++;
        reconnects.succeeded();
    }

    /** An attempt has ended in nothing. */
    void failed(PostgresError why, boolean mayHeal, long nowNanos) {
        opening--;
        open--;
        failures++;
        if (mayHeal) {
            reconnects.failed(why, nowNanos);
        }
    }

    void closed(boolean madeRoom) {
        open--;
        if (madeRoom) {
            makingRoom--;
        }
    }

    /** Whoever waits at this member tries again, each on its own loop, the logins that have the fewest connections first. */
    void wakeWaiting() {
        logins.values().stream().filter(each -> each.waiting() > 0).sorted(Comparator.comparingInt(Places::open)).forEach(Places::wakeWaiting);
    }

    /** When a connection that is opened now has become as old as it may: the limit, 10 % more or less, so that not all end together. */
    long endNanos(long openedNanos) {
        long lifetime = settings.lifetime().toNanos();
        return openedNanos + lifetime - lifetime / 10 + random.nextLong(lifetime / 5 + 1);
    }
}
