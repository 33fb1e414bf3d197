package dev.banyan.http;

/** A client's connection, whatever it speaks, as the front door counts it and ends it. */
interface Visitor {
    /** The front door closes: the connection ends now when it is unused, and with what is on it otherwise. Call on its loop. */
    void closeWhenIdle();

    /** Ends the connection with whatever is on it. Call on its loop. */
    void close();

    /** Runs a task on the connection's loop. Safe for any thread. */
    void onLoop(Runnable task);
}
