package dev.banyan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A port for a program that a test starts, kills and starts again.
 *
 * <p>Not one that the system names for {@code port 0}: such are given to outgoing connections too, and while the program is down, or has not bound it yet, one of
 * the many that a build opens may get it. The program then cannot listen there until a minute after that connection's end (TIME_WAIT).
 */
public final class FreePort {
    private static final int LOWEST = 20_000;
    /** Where Linux begins to take ports for outgoing connections (ip(7), ip_local_port_range); others begin higher. */
    private static final int BEYOND = 32_768;

    private FreePort() {}

    /** One of 127.0.0.1 that nobody listens at now. */
    public static int choose() {
        while (true) {
            int port = LOWEST + drawn() % (BEYOND - LOWEST);
            if (isFree(port)) {
                return port;
            }
        }
    }

    /** A number that the system gives nobody else at the same time. */
    private static int drawn() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
