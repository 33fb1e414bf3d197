package dev.banyan.postgres.wire;

import dev.banyan.topology.Secret;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Users and their secrets, known from the start. What passwords come to is computed in the background, one after the other, and out of turn for
 * who is waiting. Safe for any loop.
 */
public final class KnownUsers implements Users {
    private final Map<String, Entry> users = new HashMap<>();
    private final Executor blocking;

    /**
     * Begins to compute.
     *
     * @param secrets by user: a password, or a verifier as in pg_authid
     * @param blocking computes, some 2 ms a password
     * @param random for salts
     */
    public KnownUsers(Map<String, Secret> secrets, Executor blocking, SecureRandom random) {
        this.blocking = blocking;
        secrets.forEach((user, secret) -> users.put(user, Entry.of(secret, random)));
        List<Entry> passwords = users.values().stream().filter(entry -> !entry.verifier.isDone()).toList();
        if (!passwords.isEmpty()) {
            blocking.execute(() -> passwords.forEach(Entry::compute));
        }
    }

    @Override
    public void find(String user, EventLoop loop, Consumer<Found> found) {
        Entry entry = users.get(user);
        if (entry == null) {
            found.accept(new Found.Unknown());
        } else if (entry.verifier.isDone()) {
            found.accept(new Found.Known(entry.verifier.join()));
        } else {
            blocking.execute(entry::compute);
            entry.verifier.thenAccept(verifier -> loop.execute(() -> found.accept(new Found.Known(verifier))));
        }
    }

    private record Entry(Secret secret, SecureRandom random, AtomicBoolean begun, CompletableFuture<Verifier> verifier) {
        static Entry of(Secret secret, SecureRandom random) {
            CompletableFuture<Verifier> verifier = new CompletableFuture<>();
            StoredSecret.read(secret.reveal()).ifPresent(verifier::complete);
            return new Entry(secret, random, new AtomicBoolean(), verifier);
        }

        /** Once. */
        void compute() {
            if (begun.compareAndSet(false, true)) {
                verifier.complete(new Verifier.Plain(secret, ScramSha256.verifier(secret.reveal(), random)));
            }
        }
    }
}
