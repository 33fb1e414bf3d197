package dev.banyan.net;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.FrontDoor.Io;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The system's ways to wait for sockets. */
public enum IoKind {
    EPOLL(Epoll::isAvailable, EpollIoHandler::newFactory, EpollServerSocketChannel::new, EpollSocketChannel::new, EpollDatagramChannel::new),
    IO_URING(IoUring::isAvailable, IoUringIoHandler::newFactory, IoUringServerSocketChannel::new, IoUringSocketChannel::new, IoUringDatagramChannel::new),
    KQUEUE(KQueue::isAvailable, KQueueIoHandler::newFactory, KQueueServerSocketChannel::new, KQueueSocketChannel::new, KQueueDatagramChannel::new),
    NIO(() -> true, NioIoHandler::newFactory, NioServerSocketChannel::new, NioSocketChannel::new, NioDatagramChannel::new);

    private final BooleanSupplier available;
    private final Supplier<IoHandlerFactory> handler;
    private final ChannelFactory<ServerChannel> listener;
    private final ChannelFactory<Channel> connection;
    private final ChannelFactory<DatagramChannel> datagram;

    IoKind(
            BooleanSupplier available,
            Supplier<IoHandlerFactory> handler,
            ChannelFactory<ServerChannel> listener,
            ChannelFactory<Channel> connection,
            ChannelFactory<DatagramChannel> datagram) {
        this.available = available;
        this.handler = handler;
        this.listener = listener;
        this.connection = connection;
        this.datagram = datagram;
    }

    public boolean available() {
        return available.getAsBoolean();
    }

    /** The system's own: epoll on Linux, kqueue on macOS, NIO elsewhere. io_uring is a choice: it gave no clear gain here. */
    public static IoKind best() {
        if (EPOLL.available()) {
            return EPOLL;
        }
        return KQUEUE.available() ? KQUEUE : NIO;
    }

    /** @throws BanyanException MISSING_PREREQUISITE when this system has not what is asked for */
    static IoKind of(Io io) {
        IoKind kind = switch (io) {
            case AUTO -> best();
            case EPOLL -> EPOLL;
            case IO_URING -> IO_URING;
            case KQUEUE -> KQUEUE;
            case NIO -> NIO;
        };
        if (!kind.available()) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE,
                    "this system has no " + kind.name().toLowerCase(Locale.ROOT) + " (or forbids it); set front-door.io to 'auto', which is " + best().name().toLowerCase(Locale.ROOT) + " here");
        }
        return kind;
    }

    IoHandlerFactory handler() {
        return handler.get();
    }

    ChannelFactory<ServerChannel> listener() {
        return listener;
    }

    ChannelFactory<Channel> connection() {
        return connection;
    }

    ChannelFactory<DatagramChannel> datagram() {
        return datagram;
    }
}
