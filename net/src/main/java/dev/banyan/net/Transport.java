package dev.banyan.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.util.function.Function;

/**
 * What connections run on: loops and the channels that fit them. Sockets in production, in-memory channels in a simulation.
 *
 * @param loops the IO loops; a connection stays on the loop it was born on
 * @param listener makes a listening channel
 * @param connection makes a connecting channel
 * @param address turns a host and port into what the channels connect and bind to
 */
public record Transport(
        EventLoopGroup loops,
        io.netty.channel.ChannelFactory<? extends ServerChannel> listener,
        io.netty.channel.ChannelFactory<? extends Channel> connection,
        Function<dev.banyan.topology.HostPort, SocketAddress> address) {}
