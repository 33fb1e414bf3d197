package dev.banyan.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The clients of one IO loop that leave much of their answers lying here, and how much. When that is too much for all of them together, whoever has
 * taken nothing for the longest loses the connection: a client that is only slow takes something again and again, one that means harm does not.
 * Owned by one IO loop.
 */
final class Unread {
    private final FrontDoor door;
    /** Whoever has taken nothing for the longest first. */
    private final Map<Visitor, Long> held = new LinkedHashMap<>();
    private long bytes;

    Unread(FrontDoor door) {
        this.door = door;
    }

    /** So much lies here for a client now; less than before means that it has taken something, and 0 that it is not one of these. */
    void holds(Visitor client, long now) {
        Long before = held.get(client);
        if (before != null && now < before) {
            held.remove(client); // to the end of the line
        }
        if (now > 0) {
            held.put(client, now);
        }
        bytes += now - (before == null ? 0 : before);
        while (bytes > door.mostUnread() && held.size() > 1) {
            letGo(held.keySet().iterator().next());
        }
    }

    private void letGo(Visitor client) {
        bytes -= held.remove(client);
        door.metrics().leftUnread();
        client.onLoop(client::close); // not now: it may be what is being written to
    }

    /** A client's connection has gone. */
    void gone(Visitor client) {
        Long before = held.remove(client);
        bytes -= before == null ? 0 : before;
    }

    long bytes() {
        return bytes;
    }
}
