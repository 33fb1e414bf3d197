package dev.banyan.changes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A listener that keeps what it hears, in order, and waits for it. */
final class Heard implements ChangeListener {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** What was told, in one form. */
    sealed interface Event {
        record Committed(Commit commit, List<Change> changes) implements Event {}

        record Following(Set<String> tables) implements Event {}

        record Lost(String why) implements Event {}
    }

    private final List<Event> events = new ArrayList<>();
    /** Called before an event is kept; may throw, may block. */
    volatile Consumer<Event> before = _ -> {};

    @Override
    public void committed(Commit commit, List<Change> changes) {
        keep(new Event.Committed(commit, changes));
    }

    @Override
    public void following(Set<String> tables, String since) {
        keep(new Event.Following(Set.copyOf(tables)));
    }

    @Override
    public void lost(String why) {
        keep(new Event.Lost(why));
    }

    private void keep(Event event) {
        before.accept(event);
        synchronized (this) {
            events.add(event);
            notifyAll();
        }
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** All changes told so far. */
    synchronized List<Change> changes() {
        return events.stream().flatMap(event -> event instanceof Event.Committed told ? told.changes().stream() : java.util.stream.Stream.of()).toList();
    }

    /** How often it was told. */
    synchronized long count(Class<? extends Event> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    synchronized void await(String what, Predicate<Heard> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.test(this)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                List<Event> last = events.subList(Math.max(0, events.size() - 20), events.size());
                throw new AssertionError("not within " + PATIENCE_NANOS / 1_000_000_000 + " s: " + what + "; heard " + events.size() + ", at last " + last);
            }
            wait(Math.min(left, 100));
        }
    }

    List<Change> awaitChanges(int count) throws InterruptedException {
        await(count + " changes", heard -> heard.changes().size() >= count);
        return changes();
    }

    /** Waits until exactly these are followed. */
    void awaitFollowing(String... tables) throws InterruptedException {
        Set<String> wanted = Set.of(tables);
        await("following " + wanted, heard -> {
            for (int i = events.size() - 1; i >= 0; i--) {
                if (events.get(i) instanceof Event.Following following) {
                    return following.tables().equals(wanted);
                }
                if (events.get(i) instanceof Event.Lost) {
                    return false;
                }
            }
            return false;
        });
    }

    void awaitLost(int times) throws InterruptedException {
        await("lost " + times + " times", heard -> heard.count(Event.Lost.class) >= times);
    }

    /** A row in plain form: NULL is "NULL". */
    static Map<String, String> plain(Map<String, Optional<String>> row) {
        Map<String, String> plain = new TreeMap<>();
        row.forEach((column, value) -> plain.put(column, value.orElse("NULL")));
        return plain;
    }
}
