package dev.banyan.drill;

import dev.banyan.net.Clock;
import io.netty.channel.EventLoop;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Lets arrivals happen at their time, or as soon after it as the machine allows: it never waits for an answer, and it never skips one that
 * is overdue. Owned by one IO loop.
 */
final class Pacer {
    /** Overdue arrivals that go out before the loop looks at its sockets again. */
    private static final int BURST = 64;

    private final EventLoop loop;
    private final Clock clock;
    private final Arrivals arrivals;
    private final LongConsumer arrive;
    private final Runnable end;
    private long start;
    private OptionalLong next;
    private boolean ended;

    /**
     * @param arrive gets the intended time, in the clock's nanoseconds; called on the loop
     * @param end called on the loop after the last arrival
     */
    Pacer(EventLoop loop, Clock clock, Arrivals arrivals, LongConsumer arrive, Runnable end) {
        this.loop = loop;
        this.clock = clock;
        this.arrivals = arrivals;
        this.arrive = arrive;
        this.end = end;
    }

    void start() {
        loop.execute(() -> {
            start = clock.nanos();
            next = arrivals.next();
            turn();
        });
    }

    /** No further arrival; safe for any thread. */
    void stop() {
        loop.execute(() -> {
            next = OptionalLong.empty();
            turn();
        });
    }

    private void turn() {
        for (int i = 0; i < BURST && next.isPresent() && start + next.getAsLong() - clock.nanos() <= 0; i++) {
            arrive.accept(start + next.getAsLong());
            next = arrivals.next();
        }
        if (next.isPresent()) {
            loop.schedule(this::turn, Math.max(0, start + next.getAsLong() - clock.nanos()), TimeUnit.NANOSECONDS);
        } else if (!ended) {
            ended = true;
            end.run();
        }
    }
}
