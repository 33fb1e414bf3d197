package dev.banyan.postgres;

import io.netty.util.AttributeKey;

/** What one open connection takes: a place of its login and one of its member, until its channel is closed. Hangs on the channel. */
final class Berth<C extends ServerPool.Connection> {
    static final AttributeKey<Berth<?>> KEY = AttributeKey.valueOf("banyan.postgres.berth");

    private final long endNanos;

    /** The loop's pool it belongs to; guarded by the monitor of the {@link MemberPlaces}. */
    ServerPool<C> pool;

    /** It is being closed so that another login gets its place; guarded by the same. */
    boolean makesRoom;

    /** Its channel is closed and its place free; guarded by the same. */
    boolean free;

    Berth(ServerPool<C> pool, long endNanos) {
        this.pool = pool;
        this.endNanos = endNanos;
    }

    /** Whether the connection is as old as it may become, by its own scattered limit. */
    boolean isOver(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }
}
