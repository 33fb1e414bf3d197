package dev.banyan.postgres;

import io.netty.channel.Channel;

/**
 * Takes an unused connection from one loop to another. In between its channel is on neither: nothing is read, and what has come meanwhile is
 * read at the new loop, for a loop is told about a socket's state when the socket is registered. Handlers keep their state; their executor
 * becomes the new loop (AbstractChannel.AbstractUnsafe.register, Netty 4.2).
 */
final class Handover {
    private Handover() {}

    /** Called on the loop that the connection is on. Ends with {@link ServerPool#adopt} at the other, or with the connection closed. */
    static <C extends ServerPool.Connection> void begin(C connection, Places<C> places, ServerPool<C> to) {
        Channel channel = connection.channel();
        channel.deregister().addListener(left -> {
            if (left.isSuccess() && channel.isOpen()) {
                register(connection, places, to);
            } else {
                fail(connection, places, to);
            }
        });
    }

    private static <C extends ServerPool.Connection> void register(C connection, Places<C> places, ServerPool<C> to) {
        Channel channel = connection.channel();
        to.loop().register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                // After the rest of the registration, which still tells the handlers of it.
                to.loop().execute(() -> to.adopt(connection));
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
