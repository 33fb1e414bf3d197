package dev.banyan.http;

import dev.banyan.net.Identity;
import dev.banyan.topology.HostPort;
import io.netty.channel.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;

/** Where edges reach a front door: a listener for connections that begin with an {@link EdgePass}. Safe for any thread. */
public final class EdgeEntrance implements AutoCloseable {
    private final FrontDoor door;
    private final EdgePass pass;
    private final Optional<ServerTls> tls;
    private final Intake intake;

    private EdgeEntrance(FrontDoor door, HostPort at, String key, EdgePass pass, Optional<Identity> identity) {
        this.door = door;
        this.pass = pass;
        this.tls = identity.map(ServerTls::new);
        this.intake = Intake.open(door.transport(), at, key, this::accept);
    }

    static EdgeEntrance open(FrontDoor door, HostPort at, String key, EdgePass pass, Optional<Identity> identity) {
        EdgeEntrance entrance = new EdgeEntrance(door, at, key, pass, identity);
        try {
            entrance.intake.await();
        } catch (RuntimeException e) {
            entrance.tls.ifPresent(ServerTls::close);
            throw e;
        }
        return entrance;
    }

    private void accept(Channel channel) {
        try {
            if (tls.isPresent()) {
                channel.pipeline().addLast(tls.get().handler(channel.alloc()));
            }
        } catch (ClosedChannelException e) {
            channel.close();
            return;
        }
        EdgeGreeting.meet(channel, door.lane(channel.eventLoop()), pass, tls.isPresent());
    }

    /** Where it listens. */
    public HostPort address() {
        return intake.address();
    }

    /** Listens no more; connections that are open go on. */
    @Override
    public void close() {
        door.closed(this);
        intake.close();
        tls.ifPresent(ServerTls::close);
    }
}
