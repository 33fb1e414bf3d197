package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Free ports at 127.0.0.1. The system names one; it is remembered, so that two instances starting at once never get the same. Between the
 * answer and the program's own bind a stranger may still take it: the program then says so and ends. Thread-safe.
 */
public final class FreePorts {
    private static final int REMEMBERED = 1000;
    private static final int ATTEMPTS = 100;

    private final Set<Integer> given = new LinkedHashSet<>();

    public synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ask();
            if (given.add(port)) {
                if (given.size() > REMEMBERED) {
                    given.remove(given.iterator().next());
                }
                return port;
            }
        }
        throw new BanyanException(ErrorCode.BUSY, "the system named no free port at 127.0.0.1 in " + ATTEMPTS + " attempts that is not given out already");
    }

    /** Whether nothing listens there now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int ask() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.BUSY, "no port at 127.0.0.1 can be opened: " + Reason.of(e), e);
        }
    }
}
