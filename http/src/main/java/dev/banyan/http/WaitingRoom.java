package dev.banyan.http;

import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests that wait, first come first served, until a server has a place; shared by all loops. While nobody waits, which is the rule, a
 * place given back costs one read.
 */
final class WaitingRoom {
    private final ConcurrentSkipListSet<Ticket> tickets = new ConcurrentSkipListSet<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong drawn = new AtomicLong();

    /** Joins at the end, unless {@code most} wait already. */
    Optional<Ticket> join(Exchange exchange, int most) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            return Optional.empty();
        }
        Ticket ticket = new Ticket(drawn.incrementAndGet(), exchange);
        tickets.add(ticket);
        return Optional.of(ticket);
    }

    /** Waits on where it stood: there was no place after all. */
    void rejoin(Ticket ticket) {
        tickets.add(ticket);
    }

    /** Ends a wait, once for each {@link #join}. */
    void leave(Ticket ticket) {
        tickets.remove(ticket);
        waiting.decrementAndGet();
    }

    /** A server has a place: calls the first who waits, on its own loop. */
    void placeFreed() {
        if (waiting.get() == 0) {
            return;
        }
        Ticket first = tickets.pollFirst();
        if (first != null) {
            first.call();
        }
    }

    /** Those who wait, and those who are called and have not come yet. */
    int waiting() {
        return waiting.get();
    }

    /** A place in the queue. */
    static final class Ticket implements Comparable<Ticket> {
        private final long number;
        private final Exchange exchange;

        private Ticket(long number, Exchange exchange) {
            this.number = number;
            this.exchange = exchange;
        }

        @Override
        public int compareTo(Ticket other) {
            return Long.compare(number, other.number);
        }

        private void call() {
            exchange.lane().loop.execute(() -> exchange.placeFreed(this));
        }
    }
}
