package dev.banyan.resp;

import dev.banyan.net.Clock;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.Slots;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows the slots of a Redis Cluster: asks its nodes, one after the other until one tells them, every 30 s, when a command was redirected, and
 * when a node was lost; then every second until its slots have another owner, for the cluster takes its time to promote a replica. Owned by its loop;
 * the public methods are safe for any thread.
 */
final class ClusterWatch implements AttachedNodes {
    private static final long EVERY_NANOS = 30_000_000_000L;
    private static final long HURRIED_NANOS = 1_000_000_000L;
    /** A lost node that stays the owner of its slots is hurried for so long: it may have come back by itself. */
    private static final long HURRY_NANOS = 120_000_000_000L;
    private static final long GAP_NANOS = 100_000_000L;

    private final List<HostPort> seeds;
    private final Asking.Way way;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private final Consumer<Layout> layouts;
    private volatile ClusterMap known;
    private Asking asking;
    private boolean underWay;
    private String reason = "it is asked for the first time";
    private String againFor = "";
    private HostPort first;
    private Future<?> next;
    private long beganNanos;
    private final Map<Node, Long> lostUntilNanos = new HashMap<>();
    private boolean silent;
    private boolean closed;

    /**
     * @param seeds some of its nodes
     * @param layouts told the slots when they are known and whenever they change, on the loop: hands over and returns
     * @param decisions told each change with its reason, likewise
     */
    ClusterWatch(List<HostPort> seeds, Asking.Way way, Clock clock, Consumer<Decision> decisions, Consumer<Layout> layouts) {
        this.seeds = List.copyOf(seeds);
        this.way = way;
        this.clock = clock;
        this.decisions = decisions;
        this.layouts = layouts;
    }

    ClusterWatch start() {
        way.loop().execute(this::ask);
        return this;
    }

    @Override
    public List<List<Node>> replicas() {
        return known == null ? List.of() : known.replicas();
    }

    @Override
    public void redirected() {
        way.loop().execute(() -> refresh("a command was redirected"));
    }

    /** A node said that another has a slot now: that is believed at once, and the slots are read anew, from that other first. */
    void moved(Redirect redirect) {
        way.loop().execute(() -> {
            if (redirect.kind() == Redirect.Kind.MOVED && !closed) {
                first = redirect.target();
                if (known != null) {
                    adopt(known.moved(redirect.slot(), redirect.target()), "MOVED " + redirect.slot() + " " + redirect.target(), "a node");
                }
                refresh("a command was redirected to " + redirect.target());
            }
        });
    }

    @Override
    public void lost(Node node) {
        way.loop().execute(() -> {
            lostUntilNanos.put(node, clock.nanos() + HURRY_NANOS);
            refresh("cache node " + node.name() + " was lost");
        });
    }

    // ---- Asking ----

    private void refresh(String why) {
        if (closed) {
            return;
        }
        if (underWay) {
            againFor = why;
            return;
        }
        reason = why;
        schedule(Math.max(0, beganNanos + GAP_NANOS - clock.nanos()));
    }

    private void schedule(long nanos) {
        if (next != null) {
            next.cancel(false);
        }
        next = way.loop().schedule(this::ask, nanos, TimeUnit.NANOSECONDS);
    }

    private void ask() {
        if (closed || underWay) {
            return;
        }
        underWay = true;
        beganNanos = clock.nanos();
        askNext(candidates(), "");
    }

    /** Who may be asked: the one that must know, the one that answered last, all that are known, and those of the site file. */
    private ArrayDeque<HostPort> candidates() {
        Set<HostPort> candidates = new LinkedHashSet<>();
        if (first != null) {
            candidates.add(first);
            first = null;
        }
        if (asking != null && asking.isOpen()) {
            candidates.add(asking.at());
        }
        if (known != null) {
            known.layout().nodes().forEach(node -> candidates.add(node.address()));
            known.replicas().forEach(each -> each.forEach(node -> candidates.add(node.address())));
        }
        candidates.addAll(seeds);
        return new ArrayDeque<>(candidates);
    }

    private void askNext(ArrayDeque<HostPort> left, String trouble) {
        HostPort at = left.poll();
        if (closed) {
            return;
        }
        if (at == null) {
            silent(trouble);
            return;
        }
        to(at).ask("CLUSTER", "SLOTS").whenComplete((answer, lost) -> {
            String wrong = lost == null ? read(answer, at) : lost.getMessage();
            if (wrong.isEmpty()) {
                over();
            } else {
                askNext(left, wrong);
            }
        });
    }

    private Asking to(HostPort at) {
        if (asking == null || !asking.at().equals(at) || !asking.isOpen()) {
            if (asking != null) {
                asking.close();
            }
            asking = way.open(at);
        }
        return asking;
    }

    /** What is wrong with the answer; empty when it was taken. */
    private String read(Reply answer, HostPort from) {
        try {
            ClusterMap map = ClusterMap.of(answer, from);
            if (map.covered() == 0) {
                return from + ": it knows of no slots";
            }
            silent = false;
            adopt(map, reason, from.toString());
            return "";
        } catch (IllegalArgumentException e) {
            return from + ": " + e.getMessage();
        }
    }

    private void silent(String trouble) {
        if (!silent) {
            silent = true;
            String what = known == null ? "wait for a node of the Redis Cluster" : "keep to the slots of the Redis Cluster as they were";
            decisions.accept(new Decision(what, "no node tells them (last: " + trouble + ")", known == null ? seeds.size() + " of cache.url were asked" : seen(known), clock.now()));
        }
        over();
    }

    private void over() {
        underWay = false;
        if (!againFor.isEmpty()) {
            String why = againFor;
            againFor = "";
            refresh(why);
            return;
        }
        boolean hurries = hurries();
        if (!hurries) {
            reason = "they are read from time to time";
        }
        schedule(hurries ? HURRIED_NANOS : EVERY_NANOS);
    }

    /** While nobody tells the slots, some have no owner, or that of some was lost. */
    private boolean hurries() {
        long now = clock.nanos();
        lostUntilNanos.entrySet().removeIf(lost -> now - lost.getValue() > 0 || known != null && !known.layout().nodes().contains(lost.getKey()));
        return silent || known == null || known.covered() < Slots.COUNT || !lostUntilNanos.isEmpty();
    }

    private void adopt(ClusterMap map, String why, String from) {
        ClusterMap before = known;
        if (before != null && map.sameAs(before)) {
            return;
        }
        known = map;
        int moved = before == null ? 0 : map.movedSince(before);
        if (before != null && moved == 0 && map.layout().nodes().equals(before.layout().nodes())) {
            return; // Other replicas: nothing that commands go by.
        }
        String what = before == null ? "follow the slots of a Redis Cluster" : "follow the slots of the Redis Cluster: " + moved + " moved";
        decisions.accept(new Decision(what, why, seen(map) + ", as " + from + " says", clock.now()));
        layouts.accept(map.layout());
    }

    private static String seen(ClusterMap map) {
        int replicas = map.replicas().stream().mapToInt(List::size).sum();
        return map.layout().nodes().size() + " primaries, " + replicas + " replicas, " + map.covered() + " of 16384 slots have an owner";
    }

    @Override
    public void close() {
        way.loop().execute(() -> {
            closed = true;
            if (next != null) {
                next.cancel(false);
            }
            if (asking != null) {
                asking.close();
            }
        });
    }
}
