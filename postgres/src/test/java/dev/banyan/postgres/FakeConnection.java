package dev.banyan.postgres;

import io.netty.channel.Channel;

/** A server connection with a channel and nothing behind it. */
final class FakeConnection implements ServerPool.Connection {
    private final Channel channel;
    private final long openedNanos;
    private volatile ServerPool<?> pool;
    Object settings = "";
    boolean dirty;

    FakeConnection(Channel channel, long openedNanos) {
        this.channel = channel;
        this.openedNanos = openedNanos;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean reusable() {
        return !dirty && channel.isOpen();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public Object settings() {
        return settings;
    }

    @Override
    public long openedNanos() {
        return openedNanos;
    }

    @Override
    public void movedTo(ServerPool<?> to) {
        pool = to;
    }

    /** Where it moved to last; null if it never did. */
    ServerPool<?> movedTo() {
        return pool;
    }
}
