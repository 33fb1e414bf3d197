package dev.banyan.changes;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Decision;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A feed for tests: what it is given may be changed while it runs. */
final class Feeds implements AutoCloseable {
    final Loops loops = Loops.open(IoKind.NIO, 1);
    final Registry registry = new Registry(Clock.system());
    final List<Decision> decisions = new CopyOnWriteArrayList<>();
    volatile Optional<Primary> primary;
    volatile Set<WatchedTable> tables;
    volatile ByteSize walBound = ByteSize.parse("1GiB");
    Heard heard = new Heard();
    ChangeFeed feed;

    Feeds(Primary primary, String... tables) {
        this.primary = Optional.of(primary);
        this.tables = Arrays.stream(tables).map(table -> new WatchedTable(table, Set.of())).collect(Collectors.toSet());
    }

    /** Another life of it: of a listener that has heard nothing yet. */
    Heard open() {
        heard = new Heard();
        return open(heard);
    }

    <T extends ChangeListener> T open(T listener) {
        feed = ChangeFeed.of(new Setup(() -> primary, () -> tables, "banyan_test", "banyan_test", walBound, listener, decisions::add, Clock.system(), loops, Loops.random(7), registry));
        return listener;
    }

    void awaitStatus(String what, Predicate<FeedStatus> condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.test(feed.status())) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 60 s: " + what + "; " + feed.status());
            }
            Clock.system().sleep(Duration.ofMillis(20));
        }
    }

    long total(String name) {
        return (long) registry.snapshot().total(name, Labels.NONE);
    }

    @Override
    public void close() {
        if (feed != null) {
            feed.close();
        }
        loops.close();
    }
}
