package dev.banyan.bench.edge;

import dev.banyan.bench.bed.Program;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Waiting for a program to listen. */
final class Listening {
    private static final int TRIES = 300;
    private static final int PAUSE_MILLIS = 50;

    private Listening() {}

    /** @throws IOException when it does not within 15 s, with what it said */
    static void await(String name, Program program, int port) throws IOException, InterruptedException {
        for (int tries = 0; tries < TRIES; tries++) {
            try (Socket _ = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        throw new IOException(name + " does not listen after 15 s: " + program.log());
    }
}
