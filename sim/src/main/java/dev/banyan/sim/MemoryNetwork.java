package dev.banyan.sim;

import dev.banyan.net.Transport;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.resolver.NoopAddressResolverGroup;

/** Channels in memory; every buffer comes from one allocator, so that a lost one shows. */
final class MemoryNetwork {
    private final ByteBufAllocator allocator;
    private final String name;

    /** @param name keeps the addresses of two networks apart, for those are known to the whole process */
    MemoryNetwork(String name, ByteBufAllocator allocator) {
        this.name = name;
        this.allocator = allocator;
    }

    Transport transport(EventLoopGroup loop) {
        return new Transport(loop, this::listener, this::connection, NoopAddressResolverGroup.INSTANCE, at -> new LocalAddress(name + "/" + at), false);
    }

    LocalServerChannel listener() {
        return new LocalServerChannel() {
            @Override
            protected LocalChannel newLocalChannel(LocalChannel peer) {
                LocalChannel accepted = super.newLocalChannel(peer);
                accepted.config().setAllocator(allocator);
                return accepted;
            }
        };
    }

    LocalChannel connection() {
        LocalChannel channel = new LocalChannel();
        channel.config().setAllocator(allocator);
        return channel;
    }
}
