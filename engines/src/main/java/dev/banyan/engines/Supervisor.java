package dev.banyan.engines;

import dev.banyan.net.Clock;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;

/**
 * Runs commands as children and keeps them running. To be had by the holder of the folder's {@link SiteHold} only.
 *
 * @param folder where logs and records go
 * @param blocking runs two tasks a child: one waits for it, one reads its output
 * @param clock waits between restarts
 * @param random spreads restarts
 * @param listener hears what happens
 */
public record Supervisor(StateFolder folder, ExecutorService blocking, Clock clock, RandomGenerator random, ProcessListener listener) {

    /** Starts the command and returns at once; it is restarted when it ends, until it is stopped. */
    ChildProcess start(ChildSpec spec) {
        ChildProcess child = new ChildProcess(spec, this);
        blocking.execute(child::supervise);
        return child;
    }

    void tell(ProcessEvent event) {
        try {
            listener.heard(event);
        } catch (RuntimeException e) {
            // A listener's bug must not leave a process without its supervisor.
            System.getLogger(Supervisor.class.getName()).log(System.Logger.Level.ERROR, "a process listener failed on: " + event.sentence(), e);
        }
    }
}
