package dev.banyan.photos;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;

/**
 * One client of {@code /live}. It is greeted by {@code {"type":"hello",..}}; it may send {@code {"type":"ping","id":"7"}} and gets a
 * {@code pong} with the same id, or {@code {"type":"echo","text":".."}} and gets it back; events come unasked. Anonymous clients may
 * ping and echo, and hear no events. Public because Jetty calls it from its own package.
 */
public final class LiveSocket extends Session.Listener.AbstractAutoDemanding {
    /** A client that leaves this many messages unread is too slow and is let go. */
    private static final int MOST_UNSENT = 256;

    private final Optional<Viewer> viewer;
    private final Live live;
    private final String instance;
    private final AtomicInteger unsent = new AtomicInteger();

    LiveSocket(Optional<Viewer> viewer, Live live, String instance) {
        this.viewer = viewer;
        this.live = live;
        this.instance = instance;
    }

    /** What goes over the wire, both ways; fields that do not apply are empty. */
    record Message(String type, String id, String text, String instance, String user, String name, long photoId, String title) {
        static Message of(Event event) {
            return new Message(event.type(), "", event.text(), "", event.actor(), event.actorName(), event.photoId(), event.title());
        }
    }

    /** What a client may send. */
    private record Asked(String type, String id, String text) {}

    Optional<Viewer> viewer() {
        return viewer;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        super.onWebSocketOpen(session);
        live.add(this);
        answer("hello", "", "");
    }

    @Override
    public void onWebSocketText(String text) {
        try {
            Asked asked = Json.read(text.getBytes(StandardCharsets.UTF_8), Asked.class);
            switch (asked.type()) {
                case "ping" -> answer("pong", orEmpty(asked.id()), "");
                case "echo" -> answer("echo", orEmpty(asked.id()), orEmpty(asked.text()));
                case null, default -> answer("error", orEmpty(asked.id()), "type must be ping or echo");
            }
        } catch (Problem e) {
            answer("error", "", e.getMessage());
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        getSession().close(StatusCode.BAD_DATA, "text messages only", Callback.NOOP);
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
        live.remove(this);
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        live.remove(this);
    }

    private void answer(String type, String id, String text) {
        send(Json.text(new Message(type, id, text, instance, viewer.map(Viewer::name).orElse(""), "", 0, "")));
    }

    void send(String text) {
        Session session = getSession();
        if (session == null || !session.isOpen()) {
            return;
        }
        if (unsent.incrementAndGet() > MOST_UNSENT) {
            live.remove(this);
            session.disconnect();
            return;
        }
        session.sendText(text, Callback.from(unsent::decrementAndGet, failure -> unsent.decrementAndGet()));
    }

    void goAway() {
        getSession().close(StatusCode.SHUTDOWN, "this instance stops; connect again", Callback.NOOP);
    }

    void ping() {
        if (getSession().isOpen()) {
            getSession().sendPing(ByteBuffer.allocate(0), Callback.NOOP);
        }
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
