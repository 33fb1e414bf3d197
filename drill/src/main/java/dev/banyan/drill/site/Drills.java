package dev.banyan.drill.site;

import static dev.banyan.drill.site.FaultKind.KILL;
import static dev.banyan.drill.site.FaultKind.LATENCY;
import static dev.banyan.drill.site.FaultKind.PARTITION;
import static dev.banyan.drill.site.FaultKind.STOP;

import dev.banyan.drill.site.Pardon.Whose;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All drills of a site, as data: another tier of the site is another entry. */
public final class Drills {
    /** A POST is never sent to a second server (RFC 9110, section 9.2.2), so the one that the lost process had in hand gets an error. */
    private static final Pardon POSTS_IN_HAND = new Pardon(Whose.UNREPEATABLE, Set.of("status_502", "status_503", "status_504"), Duration.ZERO, " but POSTs that it had in hand, with 502 to 504");
    /** One that stands still keeps what it was given until it goes on, and may do it then, so nobody else is asked for what changes something. Three checks of a second each, a second apart, find it out. */
    private static final Pardon FROZEN_WRITES = new Pardon(Whose.WRITES, Set.of("status_502", "status_503", "status_504", "timeout"), seconds(6),
            " but writes that it was given before it was found out (6s), with 502 to 504 or when their user's patience is over");
    /** A transaction that was open on the lost server is rolled back, and the application says so to whoever waited for it. */
    private static final Pardon TRANSACTIONS_IN_HAND = new Pardon(Whose.WRITES, Set.of("status_500", "status_502", "status_503"), Duration.ZERO, " but writes whose transaction it had in hand, with 500 to 503");
    /** Its connections end with it; and until it has failed three checks, a second apart, it is given new ones. */
    private static final Pardon CONNECTIONS = new Pardon(Whose.ALL, Set.of("reset", "closed_before_answer", "half_answer", "connect_failed", "connect_refused"), seconds(5),
            " but those on its own connections, which are cut, and for 5s those on new ones, until it is passed by");

    /** It hears and says nothing: who is on its connections waits for it, however long, and is told so by nobody but their own patience. Three checks of a second each, a second apart. */
    private static final Pardon FROZEN_CONNECTIONS = new Pardon(Whose.ALL, Set.of("reset", "closed_before_answer", "half_answer", "connect_failed", "connect_refused", "connect_timeout", "timeout", "dropped_by_generator"), seconds(8),
            " but those on its own connections, which hang, and for 8s those on new ones, until it is passed by");

    private static final Drill APPLICATION = new Drill("application", "an application server", "application", 3, 2, true, List.of("eject ", "stop sending to ", "restart "), KILL, Map.of(
            KILL, new Promise(POSTS_IN_HAND, seconds(5), seconds(60)),
            STOP, new Promise(FROZEN_WRITES, seconds(15), seconds(60)),
            LATENCY, new Promise(Pardon.NONE, seconds(10), seconds(30)),
            PARTITION, new Promise(POSTS_IN_HAND, seconds(5), seconds(60))));

    private static final Drill REPLICA = new Drill("replica", "a read replica", "replica", 4, 1, true, List.of("send no reads to ", "use ", "fence ", "start "), KILL, Map.of(
            KILL, new Promise(Pardon.NONE, seconds(5), seconds(60)),
            STOP, new Promise(Pardon.NONE, seconds(10), seconds(60)),
            LATENCY, new Promise(Pardon.NONE, seconds(10), seconds(30)),
            PARTITION, new Promise(Pardon.NONE, seconds(5), seconds(60))));

    private static final Drill PRIMARY = new Drill("primary", "the database's primary", "database", 4, 1, true, List.of("fail over from ", "promote "), KILL, Map.of(
            KILL, new Promise(TRANSACTIONS_IN_HAND, seconds(5), seconds(60)),
            STOP, new Promise(TRANSACTIONS_IN_HAND, seconds(10), seconds(60))));

    private static final Drill CACHE_NODE = new Drill("cache-node", "a node of the cache", "cache", 5, 1, true, List.of("answer without cache node "), KILL, Map.of(
            KILL, new Promise(Pardon.NONE, seconds(5), seconds(30)),
            STOP, new Promise(Pardon.NONE, seconds(10), seconds(30)),
            LATENCY, new Promise(Pardon.NONE, seconds(10), seconds(30)),
            PARTITION, new Promise(Pardon.NONE, seconds(5), seconds(30))));

    private static final Drill EDGE = new Drill("edge", "an edge", "edge", 6, 1, false, List.of("pass by "), KILL, Map.of(
            KILL, new Promise(CONNECTIONS, seconds(5), seconds(30)),
            STOP, new Promise(FROZEN_CONNECTIONS, seconds(15), seconds(30)),
            LATENCY, new Promise(Pardon.NONE, seconds(10), seconds(30)),
            PARTITION, new Promise(CONNECTIONS, seconds(5), seconds(30))));

    private static final List<Drill> ALL = List.of(APPLICATION, REPLICA, PRIMARY, CACHE_NODE, EDGE);

    private Drills() {}

    /** In the order of the stages that they need. */
    public static List<Drill> all() {
        return ALL;
    }

    /** Those that a site at this stage has all it needs for. */
    public static List<Drill> at(int stage) {
        return ALL.stream().filter(drill -> drill.stage() <= stage).toList();
    }

    public static Optional<Drill> named(String name) {
        return ALL.stream().filter(drill -> drill.name().equals(name)).findFirst();
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
