package dev.banyan.cache;

import dev.banyan.net.Clock;
import dev.banyan.resp.NodeDown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Puts entries away, of single keys and of whole prefixes. Blocks, but not for long: what is not put away in time is owed, so that one node
 * that answers late keeps nobody from hearing of changes at the others. Safe for any thread.
 */
final class Eviction {
    private static final int UNDER_WAY = 500;
    private static final Duration PATIENCE = Duration.ofMillis(250);
    /** While some node is known to be late. */
    private static final Duration LITTLE_PATIENCE = Duration.ofMillis(10);

    private final Entries entries;
    private final Truth truth;
    private final Generations generations;
    private final Owed owed;
    private final Clock clock;
    private final Duration answer;
    private final Loads loads;
    private final AtomicInteger unanswered = new AtomicInteger();

    Eviction(Entries entries, Truth truth, Generations generations, Owed owed, Clock clock, Duration answer, Loads loads) {
        this.entries = entries;
        this.truth = truth;
        this.generations = generations;
        this.owed = owed;
        this.clock = clock;
        this.answer = answer;
        this.loads = loads;
    }

    /** Who asks for the key from now on gets what is loaded from now on. */
    void forget(CacheKey key) {
        loads.forget(key);
    }

    /** A transaction that is committed has changed the key. When this returns no entry from before answers any more. */
    void evict(CacheKey key, int xid) {
        evict(List.of(key), xid, _ -> {});
    }

    /**
     * The same for several.
     *
     * @param there told each whose entry answered until now, as far as that is known in time
     */
    void evict(Collection<CacheKey> keys, int xid, Consumer<CacheKey> there) {
        List<Sent> sent = new ArrayList<>();
        for (CacheKey key : keys) {
            truth.recent().note(key, xid);
            loads.forget(key);
            sent.add(new Sent(key, entries.invalidate(key, xid, truth.generation(key.rule()), clock.now().toEpochMilli())));
            if (sent.size() == UNDER_WAY) {
                await(sent, xid, there);
            }
        }
        await(sent, xid, there);
    }

    private void await(List<Sent> sent, int xid, Consumer<CacheKey> there) {
        long until = clock.nanos() + (unanswered.get() > 0 ? LITTLE_PATIENCE : PATIENCE).toNanos();
        for (Sent one : sent) {
            try {
                Optional<Boolean> done = Waiting.until(one.done, until - clock.nanos());
                if (done.isEmpty()) {
                    owe(one.key, xid);
                    payWhenAnswered(one, xid);
                } else if (done.get()) {
                    there.accept(one.key);
                }
            } catch (NodeDown | Refused e) {
                owe(one.key, xid);
            }
        }
        sent.clear();
    }

    private void payWhenAnswered(Sent late, int xid) {
        unanswered.incrementAndGet();
        late.done.whenComplete((_, failure) -> {
            unanswered.decrementAndGet();
            if (failure == null) {
                owed.paid(new Owed.Debt(late.key, xid));
            }
        });
    }

    /** The node may come back with the entry: until it is put away the key is read from the database. */
    private void owe(CacheKey key, int xid) {
        if (!owed.add(key, xid)) {
            evictAll(key.rule());
        }
    }

    /** All values of a prefix are old, by a transaction that is committed. */
    void evictAll(Rule rule, int xid) {
        truth.recent().note(rule, xid);
        evictAll(rule);
    }

    /** All values of a prefix are old. @throws dev.banyan.topology.BanyanException DISK when that cannot be written down */
    void evictAll(Rule rule) {
        generations.raise(rule);
        loads.forget(rule);
        owed.drop(rule);
    }

    /** Makes up for what could not be put away. */
    void payDebts() {
        for (Owed.Debt debt : owed.some(UNDER_WAY)) {
            try {
                Waiting.on(entries.invalidate(debt.key(), debt.xid(), truth.generation(debt.key().rule()), clock.now().toEpochMilli()), answer);
                owed.paid(debt);
            } catch (NodeDown | Refused e) {
                return;
            }
        }
        owed.settle();
    }

    private record Sent(CacheKey key, CompletionStage<Boolean> done) {}
}
