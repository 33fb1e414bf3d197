package dev.banyan.http;

/** A client's connection, whatever it speaks, as the front door counts it and ends it. */
interface Visitor {
    /** The front door closes: the connection ends now when it is unused, and with what is on it otherwise. Call on its loop. */
    void closeWhenIdle();

    /**
     * The connection goes on until its next answer, which tells the client to come again: an HTTP/2 connection takes requests for a moment longer, an
     * upgraded one is left alone. So no request is lost, whenever the client sends it. Call on its loop.
     */
    void moveOn();

    /** Ends the connection with whatever is on it. Call on its loop. */
    void close();

    /** Runs a task on the connection's loop. Safe for any thread. */
    void onLoop(Runnable task);
}
