package dev.banyan.control;

import java.time.Duration;

/** Does something later, on a thread that may block. */
public interface Later {
    void after(Duration wait, Runnable task);
}
