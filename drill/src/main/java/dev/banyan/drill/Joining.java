package dev.banyan.drill;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * How virtual users come to be, before the first arrival: each makes an account, signs in and looks around. These requests are no part of the
 * load and its figures; the accounts stand in the ledger.
 */
final class Joining {
    /** Passwords are hashed slowly on purpose: more people who join at once would only wait for the processor. */
    private static final int AT_ONCE = 4;
    private static final int TRIES = 3;

    private final LoadOptions options;
    private final ExecutorService workers;
    private final Client client;
    private final Clock clock;
    private final Tally aside;
    private final Semaphore places = new Semaphore(AT_ONCE);

    Joining(LoadOptions options, ExecutorService workers, Client client, Clock clock) {
        this.options = options;
        this.workers = workers;
        this.aside = new Tally(clock);
        this.client = client;
        this.clock = clock;
    }

    /**
     * Lets all join and blocks meanwhile.
     *
     * @param load counts the requests that the users make later
     * @throws BanyanException SITE_IS_DOWN, when one cannot join in three tries
     */
    List<VirtualUser> all(Target target, Tally load, Ledger ledger, RandomGenerator random, Consumer<LoadProgress> progress)
            throws InterruptedException {
        String run = Long.toString(random.nextLong() >>> 24, 36);
        List<Future<VirtualUser>> joins = new ArrayList<>();
        for (int i = 0; i < options.users(); i++) {
            CookieJar cookies = new CookieJar(clock);
            VirtualUser user = new VirtualUser("v" + run + "n" + i, new PhotosApi(target, cookies), new Exchanges(client, load, cookies), new Browser(clock), cookies, ledger,
                    Loops.random(random.nextLong()));
            joins.add(workers.submit(() -> inTurn(user)));
        }
        try {
            List<VirtualUser> users = new ArrayList<>();
            for (Future<VirtualUser> join : joins) {
                users.add(join.get());
                progress.accept(new LoadProgress.Joined(users.size(), joins.size()));
            }
            return users;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BanyanException reason) {
                throw reason;
            }
            throw new IllegalStateException("a virtual user failed to join", e.getCause());
        } finally {
            joins.forEach(join -> join.cancel(true));
        }
    }

    private VirtualUser inTurn(VirtualUser user) throws InterruptedException {
        places.acquire();
        try {
            return join(user);
        } finally {
            places.release();
        }
    }

    private VirtualUser join(VirtualUser user) {
        for (int i = 0; i < TRIES; i++) {
            if (user.join(aside)) {
                return user;
            }
        }
        throw new BanyanException(ErrorCode.SITE_IS_DOWN, "virtual user " + user.name() + " could not join " + options.url() + " in " + TRIES + " tries ("
                + aside.byKind() + "): is it the photos application, and up? For another site use --script url");
    }
}
