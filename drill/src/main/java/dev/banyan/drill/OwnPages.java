package dev.banyan.drill;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A few users who change something and look at once whether they are shown it, by the site's public address: over edges, front door, whichever instances, cache and
 * database servers lie behind. A page that fails shows nothing, and is not counted; one that is not found does not show it. Used by one thread.
 */
public final class OwnPages implements AutoCloseable {
    private static final int USERS = 3;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int EXAMPLES = 5;

    private final Client client;
    private final Clock clock;
    private final Duration longest;
    private final AtomicBoolean over = new AtomicBoolean();
    private final LongAdder pages = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final List<String> examples = new ArrayList<>();
    private final List<Future<?>> users = new ArrayList<>();

    private OwnPages(Client client, Clock clock, Duration timeout) {
        this.client = client;
        this.clock = clock;
        // A change and a look may be under way.
        this.longest = timeout.multipliedBy(3);
    }

    /**
     * Begins, if there is something to look at: the sample application where the load's users are its users, or what can be put to {@code ownWrites}.
     *
     * @param options whose address, script and timeout are taken
     * @param ownWrites an address with <code>{key}</code> in it that takes PUT and GET of a text
     * @throws dev.banyan.topology.BanyanException USAGE, when an address is none, or is remote without a reason
     */
    public static Optional<OwnPages> begin(LoadOptions options, Optional<String> ownWrites, Loops loops, Clock clock, RandomGenerator random) {
        if (ownWrites.isEmpty() && options.script() == LoadOptions.Script.URL) {
            return Optional.empty();
        }
        Target target = ownWrites.map(url -> UrlOwnWriter.target(url, options.allowRemote())).orElseGet(() -> Target.of(options.url(), options.allowRemote()));
        OwnPages begun = new OwnPages(new Client(loops.transport(), target, clock, 2 * USERS, options.timeout().toNanos(), new Tally(clock)), clock, options.timeout());
        String run = Long.toString(random.nextLong() >>> 24, 36);
        IntStream.range(0, USERS).forEach(i -> {
            CookieJar cookies = new CookieJar(clock);
            RandomGenerator own = Loops.random(random.nextLong());
            OwnWriter writer = ownWrites.<OwnWriter>map(url -> new UrlOwnWriter(url, options.allowRemote(), own)).orElseGet(() -> new PhotosOwnWriter("o" + run + "n" + i, new PhotosApi(target, cookies), own));
            begun.users.add(loops.blocking().submit(() -> begun.goOn(writer, new Asking(begun.client, cookies))));
        });
        return Optional.of(begun);
    }

    private void goOn(OwnWriter writer, Asking site) {
        try {
            while (!over.get()) {
                writer.change(site).ifPresent(look -> look(look, site));
                clock.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(OwnWriter.Look look, Asking site) {
        long changed = clock.nanos();
        site.ask(look.page()).filter(answer -> answer.status() < 300 || answer.status() == 404).ifPresent(answer -> {
            pages.increment();
            if (answer.status() == 404 || !look.shows().test(answer)) {
                missed(look, answer, (clock.nanos() - changed) / 1_000_000);
            }
        });
    }

    private synchronized void missed(OwnWriter.Look look, Answer answer, long millis) {
        stale.increment();
        if (examples.size() < EXAMPLES) {
            examples.add(look.page().line() + " answered " + answer.status() + (answer.servedBy().isEmpty() ? "" : " by " + answer.servedBy()) + " without " + look.what() + " that its user had made, "
                    + millis + " ms after that was acknowledged");
        }
    }

    /**
     * What was seen so far.
     *
     * @param pages that were shown to who had just changed something on them
     * @param stale those that did not show it
     * @param examples a sentence for each of the first of these
     */
    public record Seen(long pages, long stale, List<String> examples) {
        public Seen {
            examples = List.copyOf(examples);
        }
    }

    public synchronized Seen seen() {
        return new Seen(pages.sum(), stale.sum(), examples);
    }

    /** Waits for what is under way; what was seen stays to be asked. */
    @Override
    public void close() {
        over.set(true);
        try {
            for (Future<?> user : users) {
                end(user);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
        }
    }

    private void end(Future<?> user) throws InterruptedException {
        try {
            user.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            user.cancel(true);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a user who looks for their own writes failed", e.getCause());
        }
    }
}
