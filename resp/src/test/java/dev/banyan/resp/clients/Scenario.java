package dev.banyan.resp.clients;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Something that clients do, with what must come of it.
 *
 * @param name what it is, for people; also what its keys begin with
 * @param <C> how a client connects
 */
record Scenario<C>(String name, Check<C> check) {
    private static final int PATIENCE_SECONDS = 60;

    @FunctionalInterface
    interface Check<C> {
        void run(C clients) throws Exception;
    }

    /** Runs it, but not for ever. */
    void run(C clients) throws Exception {
        try {
            Background.run(() -> check.run(clients)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("it hangs: no end after " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error failed) {
                throw failed;
            }
            throw (Exception) e.getCause();
        }
    }

    /** A hash tag of its own, so that its keys lie on one node. */
    String tag() {
        return "{" + name.replace(' ', '-') + "}";
    }
}
