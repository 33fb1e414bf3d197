package dev.banyan.http;

import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that wait, first come first served, until a server has a place; shared by all loops. While nobody waits, which is the rule, a
 * place given back costs one read.
 */
final class WaitingRoom {
    private final ConcurrentLinkedDeque<Ticket> tickets = new ConcurrentLinkedDeque<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Joins at the end, unless {@code most} wait already. */
    Optional<Ticket> join(Exchange exchange, int most) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            return Optional.empty();
        }
        Ticket ticket = new Ticket(exchange);
        tickets.addLast(ticket);
        return Optional.of(ticket);
    }

    /** Joins again at the front: another was quicker to take the place it was called for. */
    Ticket rejoin(Exchange exchange) {
        Ticket ticket = new Ticket(exchange);
        waiting.incrementAndGet();
        tickets.addFirst(ticket);
        return ticket;
    }

    void leave(Ticket ticket) {
        if (tickets.remove(ticket)) {
            waiting.decrementAndGet();
        }
    }

    /** A server has a place: calls the first who waits, on its own loop. */
    void placeFreed() {
        if (waiting.get() == 0) {
            return;
        }
        Ticket first = tickets.pollFirst();
        if (first != null) {
            waiting.decrementAndGet();
            first.call();
        }
    }

    int waiting() {
        return waiting.get();
    }

    /** A place in the queue; called once at most. */
    static final class Ticket {
        private final Exchange exchange;

        private Ticket(Exchange exchange) {
            this.exchange = exchange;
        }

        private void call() {
            exchange.lane().loop.execute(() -> exchange.placeFreed(this));
        }
    }
}
