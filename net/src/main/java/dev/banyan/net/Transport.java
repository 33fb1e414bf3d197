package dev.banyan.net;

import dev.banyan.topology.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.resolver.AddressResolverGroup;
import java.net.SocketAddress;
import java.util.function.Function;

/**
 * What connections run on: loops and the channels that fit them. Sockets in production, in-memory channels in a simulation.
 *
 * @param loops the IO loops; a connection stays on the loop it was born on
 * @param listener makes a listening channel
 * @param connection makes a connecting channel
 * @param resolver finds the address of a name without blocking a loop
 * @param address turns a host and port into what the channels connect and bind to; a name stays unresolved
 * @param sockets whether the channels are sockets, with their options
 */
public record Transport(
        EventLoopGroup loops,
        ChannelFactory<? extends ServerChannel> listener,
        ChannelFactory<? extends Channel> connection,
        AddressResolverGroup<?> resolver,
        Function<HostPort, SocketAddress> address,
        boolean sockets) {}
