package dev.banyan.cli;

import dev.banyan.http.gateway.limits.RedisCounters;
import dev.banyan.http.gateway.limits.SharedCounters;
import dev.banyan.net.Transport;
import dev.banyan.topology.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where rate limits are counted that front doors share: in the site's cache, for as long as there is one. Follows it wherever it runs. Safe for any
 * thread.
 */
final class SiteCounters implements SharedCounters {
    private static final Answer.Away NO_CACHE = new Answer.Away("the site runs no cache now, see 'banyan grow --to 5'");

    private final Transport transport;
    private final String door;
    private final Supplier<Optional<Node>> node;
    private volatile Optional<Open> open = Optional.empty();
    /** Whether anything is shared: a site that shares no limit finds no key of ours in its cache. */
    private volatile boolean asked;
    private boolean closed;

    /** A node and how one gets in. */
    record Node(HostPort address, RedisCounters.Login login) {}

    private record Open(HostPort at, RedisCounters counters) {}

    /**
     * @param door a name that no other front door has
     * @param node the one to count at now
     */
    SiteCounters(Transport transport, String door, Supplier<Optional<Node>> node) {
        this.transport = transport;
        this.door = door;
        this.node = node;
    }

    /** Looks where the node is now, once somebody has asked for one; to be called every second or so. */
    synchronized void look() {
        Optional<Node> now = closed || !asked ? Optional.empty() : node.get();
        if (now.map(Node::address).equals(open.map(Open::at))) {
            return;
        }
        Optional<Open> before = open;
        open = now.map(there -> new Open(there.address(), RedisCounters.open(transport, there.address(), Optional.of(there.login()), door)));
        before.ifPresent(was -> was.counters().close());
    }

    @Override
    public void charge(List<Charge> charges, Consumer<Answer> answer) {
        asked = true;
        open.ifPresentOrElse(there -> there.counters().charge(charges, answer), () -> answer.accept(NO_CACHE));
    }

    @Override
    public int doors() {
        asked = true;
        return open.map(there -> there.counters().doors()).orElse(1);
    }

    @Override
    public synchronized void close() {
        closed = true;
        look();
    }
}
