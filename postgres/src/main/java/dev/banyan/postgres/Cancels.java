package dev.banyan.postgres;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Which session a cancel key belongs to. Safe for any thread. */
final class Cancels {
    private static final int LONG_SECRET = 32;
    private static final int SHORT_SECRET = 4;

    private final SecureRandom random;
    private final ConcurrentHashMap<Integer, Entry> sessions = new ConcurrentHashMap<>();

    Cancels(SecureRandom random) {
        this.random = random;
    }

    private record Entry(CancelKey key, ClientSession session, RouterLoop loop) {}

    /** A key that no session has. @param minor of the protocol: longer secrets from 3.2 on */
    CancelKey next(int minor) {
        byte[] secret = new byte[minor >= 2 ? LONG_SECRET : SHORT_SECRET];
        random.nextBytes(secret);
        int id;
        do {
            id = random.nextInt() & Integer.MAX_VALUE;
        } while (id == 0 || sessions.containsKey(id));
        return new CancelKey(id, secret);
    }

    void put(CancelKey key, ClientSession session, RouterLoop loop) {
        sessions.put(key.processId(), new Entry(key, session, loop));
    }

    void remove(CancelKey key) {
        sessions.remove(key.processId());
    }

    /**
     * Cancels what the session of that key runs; nothing happens for another key, and nobody is told which it was.
     *
     * @param done the request has arrived where it belongs, or belongs nowhere
     */
    void cancel(int processId, byte[] secret, Runnable done) {
        Entry entry = sessions.get(processId);
        if (entry != null && MessageDigest.isEqual(entry.key().secret(), secret)) {
            entry.loop().eventLoop().execute(() -> entry.session().cancel(done));
        } else {
            done.run();
        }
    }
}
