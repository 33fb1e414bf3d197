package dev.banyan.photos;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open WebSockets of this instance. An event goes to those who follow the one who did it and to the photo's owner; who follows whom is
 * asked of the database for each event, only among those connected here, so that nothing has to be kept up to date.
 */
final class Live {
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);

    private final Database database;
    private final Set<LiveSocket> sockets = ConcurrentHashMap.newKeySet();

    Live(Database database) {
        this.database = database;
    }

    void add(LiveSocket socket) {
        sockets.add(socket);
    }

    void remove(LiveSocket socket) {
        sockets.remove(socket);
    }

    int size() {
        return sockets.size();
    }

    /** Sends the event to everyone here who wants it. */
    void deliver(Event event) {
        long[] here = sockets.stream().flatMapToLong(socket -> socket.viewer().stream().mapToLong(Viewer::id)).distinct().toArray();
        if (here.length == 0) {
            return;
        }
        try {
            Set<Long> wanted = new HashSet<>(followersAmong(here, event.actorId()));
            wanted.add(event.ownerId());
            wanted.remove(event.actorId());
            String text = Json.text(LiveSocket.Message.of(event));
            sockets.stream().filter(socket -> socket.viewer().filter(viewer -> wanted.contains(viewer.id())).isPresent())
                    .forEach(socket -> socket.send(text));
        } catch (SQLException e) {
            LOG.warn("an event was not delivered: {}", e.getMessage());
        }
    }

    private Collection<Long> followersAmong(long[] here, long actor) throws SQLException {
        return database.list("SELECT follower_id FROM follows WHERE followee_id = ? AND follower_id = ANY (?)",
                row -> row.getLong(1), actor, here);
    }

    /** Tells every client to come back, to another instance: close code 1001, "going away". */
    void goAway() {
        sockets.forEach(LiveSocket::goAway);
    }

    /** Keeps idle connections open through proxies. */
    void pingAll() {
        sockets.forEach(LiveSocket::ping);
    }
}
