package dev.banyan.testing;

import dev.banyan.net.FreePorts;

/** A port for a program that a test starts, kills and starts again: not one of those for {@code port 0}, for the reason that {@link FreePorts} gives. */
public final class FreePort {
    private static final FreePorts PORTS = new FreePorts();

    private FreePort() {}

    /** One of 127.0.0.1 that nobody listens at now, and that nobody of this JVM was given before. */
    public static int choose() {
        return PORTS.next();
    }
}
