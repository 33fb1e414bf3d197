package dev.banyan.control;

import dev.banyan.topology.Application;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.HostPort;
import java.time.Duration;

/** The application's processes, as control uses them: each is started again, after a growing wait, when it ends by itself. Thread-safe. */
public interface Instances {
    /**
     * Starts a process and returns where it will listen, at the first start and at every later one; it may not answer yet.
     *
     * @param cached whether it is told of the cache
     * @throws BanyanException when it cannot be started
     */
    HostPort start(InstanceName name, Application application, boolean cached, Watcher watcher);

    /**
     * Waits until it answers its health path, at most the application's start timeout. Blocks.
     *
     * @throws BanyanException when its process ends or the time is over; the message ends with its last log lines
     */
    void awaitHealthy(InstanceName name) throws InterruptedException;

    /** Ends the process and its restarts: SIGTERM, the application's stop timeout, SIGKILL. Does nothing when there is none. Blocks. */
    void stop(InstanceName name);

    /** Hears what happens to a process by itself, on any thread; must not block. */
    interface Watcher {
        /**
         * It ended, and will be started again.
         *
         * @param how as {@code web-2 was killed by signal 9 after 12.0 s}
         * @param again how long until it is started again
         * @param inARow 1 for the first restart in a row
         */
        void ended(String how, Duration again, int inARow);

        /** It was started again; it may not answer yet. */
        void startedAgain();
    }
}
