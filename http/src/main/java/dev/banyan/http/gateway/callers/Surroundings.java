package dev.banyan.http.gateway.callers;

import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * What finding out who calls needs from the process it lives in.
 *
 * @param blocking a thread for each task, which may block: passwords are hashed and keys fetched there
 * @param decisions told what was done by itself; must not block
 */
public record Surroundings(Clock clock, ExecutorService blocking, FileWatch files, Registry registry, Consumer<Decision> decisions) {
    void tell(Decision decision) {
        decisions.accept(decision);
    }
}
