package dev.banyan.postgres;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Which session a cancel key belongs to. Safe for any thread. */
final class Cancels {
    private static final int LONG_SECRET = 32;
    private static final int SHORT_SECRET = 4;

    private final SecureRandom random;
    private final ConcurrentHashMap<Long, Entry> sessions = new ConcurrentHashMap<>();

    Cancels(SecureRandom random) {
        this.random = random;
    }

    private record Entry(CancelKey key, ClientSession session, RouterLoop loop) {}

    /** A key that no session has: not by chance, with a secret of 32 bits and more. @param minor of the protocol: longer secrets from 3.2 on */
    CancelKey next(int minor) {
        byte[] secret = new byte[minor >= 2 ? LONG_SECRET : SHORT_SECRET];
        random.nextBytes(secret);
        return new CancelKey(1 + random.nextInt(Integer.MAX_VALUE), secret);
    }

    /** Sessions of several servers may have one process id. */
    private static long place(int processId, byte[] secret) {
        long beginning = secret.length < SHORT_SECRET ? 0 : ByteBuffer.wrap(secret).getInt();
        return (long) processId << 32 | beginning & 0xffffffffL;
    }

    void put(CancelKey key, ClientSession session, RouterLoop loop) {
        sessions.put(place(key.processId(), key.secret()), new Entry(key, session, loop));
    }

    void remove(CancelKey key) {
        sessions.remove(place(key.processId(), key.secret()));
    }

    /**
     * Cancels what the session of that key runs; nothing happens for another key, and nobody is told which it was.
     *
     * @param done the request has arrived where it belongs, or belongs nowhere
     */
    void cancel(int processId, byte[] secret, Runnable done) {
        Entry entry = sessions.get(place(processId, secret));
        if (entry != null && MessageDigest.isEqual(entry.key().secret(), secret)) {
            entry.loop().eventLoop().execute(() -> entry.session().cancel(done));
        } else {
            done.run();
        }
    }
}
