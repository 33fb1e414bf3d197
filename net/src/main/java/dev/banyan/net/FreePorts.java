package dev.banyan.net;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Free ports at 127.0.0.1, below those that systems give to outgoing connections (from 32768 on at Linux, 49152 elsewhere: ip(7), RFC 6335): under load there are
 * thousands of these each second, and whichever gets the port of a program that starts, or starts again, keeps it from listening there, for 60 s after its end too
 * (TIME_WAIT). What is named is remembered, so that two instances starting at once never get the same. Between the answer and the program's own bind another
 * program may still take it: ours then says so and ends. Thread-safe.
 */
public final class FreePorts {
    private static final int LOWEST = 20_000;
    private static final int BEYOND = 32_768;
    private static final int REMEMBERED = 1000;
    private static final int ATTEMPTS = 100;

    private final Set<Integer> given = new LinkedHashSet<>();

    /** @throws BanyanException BUSY, when none was found */
    public synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = LOWEST + draw() % (BEYOND - LOWEST);
            if (isFree(port) && given.add(port)) {
                if (given.size() > REMEMBERED) {
                    given.remove(given.iterator().next());
                }
                return port;
            }
        }
        throw new BanyanException(ErrorCode.BUSY, "no port at 127.0.0.1 from " + LOWEST + " to " + (BEYOND - 1) + " was free and not given out already in " + ATTEMPTS + " attempts; look for what listens there (ss -tln)");
    }

    /** Whether nothing listens there now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** A number that the system draws, and nobody else at the same time: that of a port for an outgoing connection. */
    private static int draw() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.BUSY, "no port at 127.0.0.1 can be opened: " + e.getMessage(), e);
        }
    }
}
