package dev.banyan.postgres.wire;

import dev.banyan.topology.Secret;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * What passwords come to with servers' salts: computed once, off the IO loops, however many connections are opened at a time. Bounded. Safe
 * for any thread.
 */
final class ScramKeyCache {
    private static final int MOST = 1_000;

    private final Executor blocking;
    private final Map<Question, CompletableFuture<ScramSha256.Keys>> known = new ConcurrentHashMap<>();

    ScramKeyCache(Executor blocking) {
        this.blocking = blocking;
    }

    private record Question(Secret password, String salt, int iterations) {}

    /** Complete already where it is known. */
    CompletableFuture<ScramSha256.Keys> keys(Secret password, byte[] salt, int iterations) {
        if (known.size() >= MOST) {
            known.clear(); // a server that makes up salts must not fill the memory; others are computed again in 2 ms
        }
        Question question = new Question(password, ScramSha256.base64(salt), iterations);
        return known.computeIfAbsent(question, _ -> CompletableFuture.supplyAsync(() -> ScramSha256.keys(password.reveal(), salt, iterations), blocking));
    }
}
