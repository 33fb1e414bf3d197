package dev.banyan.resp;

import dev.banyan.net.Clock;
import dev.banyan.net.Transport;
import dev.banyan.topology.CacheRouter.Timeouts;
import dev.banyan.topology.Decision;
import java.util.List;
import java.util.function.Consumer;

/** Nodes that run already ({@code cache.url}): where they are now, and what to do when that may have changed. Safe for any thread. */
public interface AttachedNodes extends AutoCloseable {
    /**
     * Begins to follow them.
     *
     * @param login as whom they are asked; as whom Sentinels are asked only when they ask for a login
     * @param timeouts for connections and answers
     * @param decisions told each change with its reason, on a loop: hands over and returns
     * @param layouts told which node has which key, for {@link RespRouter#use(Layout)}, likewise; of a ring at once
     */
    static AttachedNodes follow(NodesUrl url, NodeLogin login, Transport transport, Timeouts timeouts, Clock clock, Consumer<Decision> decisions, Consumer<Layout> layouts) {
        Asking.Way way = new Asking.Way(transport, transport.loops().next(), login, timeouts.connect(), timeouts.answer());
        return switch (url.kind()) {
            case RING -> {
                layouts.accept(url.ring());
                yield () -> {};
            }
            case CLUSTER -> new ClusterWatch(url.hosts(), way, clock, decisions, layouts).start();
            case SENTINEL -> new SentinelWatch(url.hosts(), url.primaryName().orElseThrow(), way, clock, decisions, layouts).start();
        };
    }

    /** A node sent a command elsewhere: who has what may have changed. */
    default void redirected() {}

    /** A node was lost: another may take its place. */
    default void lost(Node node) {}

    /** Of each primary, in the order of the layout, the replicas that are known; empty where there are none to know. */
    default List<List<Node>> replicas() {
        return List.of();
    }

    /** No layout is told afterwards. */
    @Override
    void close();
}
