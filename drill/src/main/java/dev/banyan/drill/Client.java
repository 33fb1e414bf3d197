package dev.banyan.drill;

import dev.banyan.net.Clock;
import dev.banyan.net.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Sends requests to one target over HTTP/1.1 keep-alive connections, spread over the IO loops. Safe for any thread. */
final class Client implements AutoCloseable {
    private final Clock clock;
    private final List<Lane> lanes;
    private final AtomicInteger turn = new AtomicInteger();

    Client(Transport transport, Target target, Clock clock, int connections, long timeoutNanos, Lane.Events events) {
        this.clock = clock;
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor loop : transport.loops()) {
            loops.add((EventLoop) loop);
        }
        int count = Math.min(loops.size(), connections);
        Optional<Tls> tls = target.tls() ? Optional.of(Tls.to(target)) : Optional.empty();
        List<Lane> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int most = connections / count + (i < connections % count ? 1 : 0);
            made.add(new Lane(loops.get(i), transport, target, tls, clock, most, timeoutNanos, events));
        }
        lanes = List.copyOf(made);
    }

    /**
     * Sends a request.
     *
     * @param intended when it was meant to be sent, in the clock's nanoseconds
     * @param done called once, on an IO loop; must not block
     */
    void send(Request request, long intended, Consumer<Outcome> done) {
        Lane lane = lanes.get(Math.floorMod(turn.getAndIncrement(), lanes.size()));
        Exchange exchange = new Exchange(request, intended, done);
        if (lane.loop().inEventLoop()) {
            lane.submit(exchange);
        } else {
            lane.loop().execute(() -> lane.submit(exchange));
        }
    }

    /** Sends a request now and blocks until it has ended; never from an IO loop. */
    Outcome send(Request request) {
        return send(request, clock.nanos());
    }

    /** The same for a request that was due at {@code intended}. */
    Outcome send(Request request, long intended) {
        CompletableFuture<Outcome> end = new CompletableFuture<>();
        send(request, intended, end::complete);
        return end.join();
    }

    /** Closes all connections, after what lies in their loops' hands; never from an IO loop. */
    @Override
    public void close() {
        lanes.forEach(lane -> lane.loop().submit(lane::close).syncUninterruptibly());
    }
}
