package dev.banyan.http.gateway.callers;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * The slow part of looking at a password, on threads that may block: half of the machine's cores at a time, a bounded number that wait, and
 * what is asked several times at once is done once. Safe for any thread.
 */
final class PasswordHashing {
    static final int MOST_WAITING = 64;

    private final ExecutorService blocking;
    private final Semaphore cores = new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    private final Map<Digest, CompletableFuture<Boolean>> asked = new ConcurrentHashMap<>();

    PasswordHashing(ExecutorService blocking) {
        this.blocking = blocking;
    }

    /**
     * Whether a password is the one of a hash.
     *
     * @param id the same for the same question
     * @return a stage that never fails; null when too many wait already
     */
    CompletionStage<Boolean> matches(Digest id, String password, String hash) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> same = asked.putIfAbsent(id, mine);
        if (same != null) {
            return same;
        }
        if (asked.size() > MOST_WAITING) {
            answer(id, mine, false);
            return null;
        }
        try {
            blocking.execute(() -> look(id, mine, password, hash));
        } catch (RejectedExecutionException closing) {
            answer(id, mine, false);
        }
        return mine;
    }

    private void look(Digest id, CompletableFuture<Boolean> mine, String password, String hash) {
        boolean right = false;
        try {
            cores.acquire();
            try {
                right = BCrypt.checkpw(password, hash);
            } finally {
                cores.release();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (IllegalArgumentException notAPassword) {
            right = false; // the library takes no such text
        } finally {
            answer(id, mine, right);
        }
    }

    private void answer(Digest id, CompletableFuture<Boolean> mine, boolean right) {
        asked.remove(id, mine);
        mine.complete(right);
    }
}
