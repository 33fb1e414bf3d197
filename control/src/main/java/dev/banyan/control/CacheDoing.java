package dev.banyan.control;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The cache's part of {@link Doing}: through its ports, keeping the roster true. Everything here may be done twice. */
record CacheDoing(Roster roster, CachePorts ports) {
    /** On record before it is tried, so that one that is half started is stopped. */
    void start(String name) throws InterruptedException {
        now(was -> was.started(name));
        ports.nodes().start(name);
    }

    void stop(String name) {
        ports.nodes().stop(name);
        now(was -> was.stopped(name));
    }

    void remove(String name) throws InterruptedException {
        ports.nodes().remove(name);
        now(was -> was.stopped(name));
    }

    void open(List<String> nodes) {
        ports.door().open(nodes);
        now(was -> was.over(nodes));
    }

    void spread(List<String> nodes) {
        ports.door().use(nodes);
        now(was -> was.over(nodes));
    }

    void drain(Duration atMost) throws InterruptedException {
        long left = ports.door().drain(atMost);
        if (left > 0) {
            throw new BanyanException(ErrorCode.TIMED_OUT, Told.count(left, "write") + " that the cache has acknowledged "
                    + (left == 1 ? "is" : "are") + " not in the database after " + Told.time(atMost)
                    + "; 'banyan status' shows how far it is: ask again when the database takes writes");
        }
    }

    void close() {
        ports.door().close();
        now(Observed.Caches::closed);
    }

    private void now(UnaryOperator<Observed.Caches> how) {
        roster.change(was -> was.with(how.apply(was.cache())));
    }
}
