package dev.banyan.postgres;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.uring.IoUringIoHandler;

/**
 * Takes an unused connection from one loop to another. In between its channel is on neither: nothing is read, and what has come meanwhile is
 * read at the new loop, for a loop is told about a socket's state when the socket is registered. Handlers keep their state; their executor
 * becomes the new loop (AbstractChannel.AbstractUnsafe.register, Netty 4.2).
 *
 * <p>With io_uring it is closed instead, and the other loop opens one in its place: a read that the old ring has begun would take what comes
 * next, and nobody would get it.
 */
final class Handover {
    private Handover() {}

    /** Called on the loop that the connection is on. Ends with {@link ServerPool#adopt} at the other, or with the connection closed. */
    static <C extends ServerPool.Connection> void begin(C connection, Places<C> places, ServerPool<C> to) {
        Channel channel = connection.channel();
        if (channel.eventLoop() instanceof IoEventLoop loop && loop.isIoType(IoUringIoHandler.class)) {
            fail(connection, places, to);
            return;
        }
        channel.deregister().addListener(left -> {
            if (left.isSuccess() && channel.isOpen()) {
                to.loop().execute(() -> register(connection, places, to));
            } else {
                fail(connection, places, to);
            }
        });
    }

    /** On the new loop, which reads nothing before this has returned: so the connection is adopted before anything is read from it. */
    private static <C extends ServerPool.Connection> void register(C connection, Places<C> places, ServerPool<C> to) {
        to.loop().register(connection.channel()).addListener(registered -> {
            if (registered.isSuccess()) {
                to.adopt(connection);
            } else {
                fail(connection, places, to);
            }
        });
    }

    private static <C extends ServerPool.Connection> void fail(C connection, Places<C> places, ServerPool<C> to) {
        places.arrived(to);
        connection.close();
    }
}
