package dev.banyan.cache;

import dev.banyan.net.Clock;
import dev.banyan.resp.Store;
import dev.banyan.resp.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Cache-aside with leases: of the clients that miss a key one is told so and loads it; the others wait a while for it to be set. Everything else
 * goes to the node as it is. A lease is a key of its own beside the key, at the same node. Does not block. Safe for any thread.
 *
 * <p>(Nishtala and others, "Scaling Memcache at Facebook", 2013, 3.2.1.)
 */
final class AsideLeases {
    /** How long the one who was told has for loading; then the next miss is told. */
    static final Duration LEASED = Duration.ofSeconds(2);
    /** How long the others wait. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Set<String> COUNTED = Set.of("DEL", "UNLINK", "EXISTS", "TOUCH");
    /** They would hold up the connection that all clients share. */
    private static final Set<String> WAITING = Set.of("BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "XREAD", "XREADGROUP", "WAIT", "WAITAOF", "MIGRATE");
    private static final Set<String> READING = Set.of("GET", "MGET", "EXISTS", "TOUCH", "TTL", "PTTL", "TYPE", "STRLEN", "GETRANGE");

    private final Store store;
    private final KeyRules rules;
    private final Clock clock;
    private final RandomGenerator random;
    private final Executor executor;
    private final Map<CacheKey, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();

    AsideLeases(Store store, KeyRules rules, Clock clock, RandomGenerator random, Executor executor) {
        this.store = store;
        this.rules = rules;
        this.clock = clock;
        this.random = random;
        this.executor = executor;
    }

    CompletionStage<Reply> answer(String name, byte[][] arguments) {
        if (name.equals("GET") && arguments.length == 2) {
            return get(rules.key(arguments[1]));
        }
        if (name.equals("MGET") && arguments.length > 1) {
            return all(keys(arguments).stream().map(key -> store.get(key.bytes()).thenApply(AsideLeases::stringOnly)).toList()).thenApply(Reply.Array::new);
        }
        if (COUNTED.contains(name) && arguments.length > 1) {
            return all(keys(arguments).stream().map(key -> passed(name, key, new byte[][] {arguments[0], key.bytes()})).toList()).thenApply(AsideLeases::sum);
        }
        return passed(name, onlyKey(name, arguments), arguments);
    }

    /** @throws Refused when one is a key that Banyan loads, whose bytes at the node are nobody else's */
    private List<CacheKey> keys(byte[][] arguments) {
        List<CacheKey> keys = rules.keys(arguments, 1);
        keys.forEach(AsideLeases::mustBeAside);
        return keys;
    }

    private static void mustBeAside(CacheKey key) {
        if (key.rule().loads()) {
            throw new Refused("CROSSSLOT Keys of prefixes that Banyan loads and keys of one with leases (cache.keys) cannot stand in one command: send two");
        }
    }

    /** As Redis has it, a key of another kind is as one that is not there. */
    private static Reply stringOnly(Reply reply) {
        return reply instanceof Reply.Failure(String why) && why.startsWith("WRONGTYPE") ? Reply.NULL : reply;
    }

    private static Reply sum(List<Reply> replies) {
        Optional<Reply> failed = replies.stream().filter(Reply.Failure.class::isInstance).findFirst();
        return failed.orElseGet(() -> new Reply.Number(replies.stream().mapToLong(reply -> ((Reply.Number) reply).value()).sum()));
    }

    private static CompletionStage<List<Reply>> all(List<CompletionStage<Reply>> stages) {
        List<CompletableFuture<Reply>> futures = stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).thenApply(_ -> futures.stream().map(CompletableFuture::join).toList());
    }

    private CacheKey onlyKey(String name, byte[][] arguments) {
        if (WAITING.contains(name)) {
            throw new Refused("ERR '" + name + "' is not possible on keys of a declared prefix with leases (cache.keys): it would hold up others; take lease away, or another prefix");
        }
        List<CacheKey> keys = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            if (rules.rule(arguments[i], arguments[i].length) != KeyRules.NONE) {
                CacheKey key = rules.key(arguments[i]);
                mustBeAside(key);
                if (!keys.contains(key)) {
                    keys.add(key);
                }
            }
        }
        if (keys.size() != 1) {
            throw new Refused("CROSSSLOT '" + name + "' on " + keys.size() + " keys of declared prefixes with leases (cache.keys) is not possible: send one command a key");
        }
        return keys.getFirst();
    }

    private CompletionStage<Reply> passed(String name, CacheKey key, byte[][] command) {
        return store.send(key.bytes(), command).thenApply(reply -> {
            if (!READING.contains(name) && !(reply instanceof Reply.Failure)) {
                side(key).ifPresent(side -> store.send(key.bytes(), ascii("DEL"), side));
            }
            return reply;
        });
    }

    private CompletionStage<Reply> get(CacheKey key) {
        return store.get(key.bytes()).thenCompose(reply -> reply instanceof Reply.Null ? missed(key, reply) : CompletableFuture.completedFuture(reply));
    }

    private CompletionStage<Reply> missed(CacheKey key, Reply missing) {
        Optional<byte[]> side = side(key);
        if (side.isEmpty()) {
            return CompletableFuture.completedFuture(missing);
        }
        byte[] token = ascii(Long.toHexString(random.nextLong()));
        return store.send(key.bytes(), ascii("SET"), side.get(), token, ascii("NX"), ascii("PX"), ascii(Long.toString(LEASED.toMillis())))
                .thenCompose(taken -> taken instanceof Reply.Simple ? leased(key, side.get()) : others(key));
    }

    /** Looks once more: between the look before and the lease another may have set the key, and its lease have gone with that. */
    private CompletionStage<Reply> leased(CacheKey key, byte[] side) {
        return store.send(key.bytes(), ascii("GET"), key.bytes()).thenApply(reply -> {
            if (!(reply instanceof Reply.Null)) {
                store.send(key.bytes(), ascii("DEL"), side);
            }
            return reply;
        });
    }

    /** One looks for all who wait for the same key. */
    private CompletionStage<Reply> others(CacheKey key) {
        CompletableFuture<Reply> mine = new CompletableFuture<>();
        CompletableFuture<Reply> there = waiting.putIfAbsent(key, mine);
        if (there != null) {
            return there;
        }
        executor.execute(() -> {
            Reply found = Reply.NULL;
            try {
                found = lookFor(key);
            } catch (RuntimeException e) {
                found = Reply.NULL; // a node that is down: who waits loads for itself
            } finally {
                waiting.remove(key, mine);
                mine.complete(found);
            }
        });
        return mine;
    }

    private Reply lookFor(CacheKey key) {
        long end = clock.nanos() + PATIENCE.toNanos();
        while (clock.nanos() - end < 0) {
            Waiting.sleep(clock, PAUSE);
            Reply reply = Waiting.on(store.send(key.bytes(), ascii("GET"), key.bytes()), PATIENCE);
            if (!(reply instanceof Reply.Null)) {
                return reply;
            }
        }
        return Reply.NULL;
    }

    /** The key of the lease, of the same hash tag; empty for a key that has none of its own to give. */
    private static Optional<byte[]> side(CacheKey key) {
        String name = new String(key.bytes(), StandardCharsets.ISO_8859_1);
        int open = name.indexOf('{');
        int close = name.indexOf('}', open + 1);
        if (open >= 0 && close > open + 1) {
            return Optional.of(("banyan:lease:" + name).getBytes(StandardCharsets.ISO_8859_1));
        }
        return name.indexOf('}') >= 0 ? Optional.empty() : Optional.of(("banyan:lease:{" + name + "}").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
