package dev.banyan.telemetry;

import dev.banyan.telemetry.LogEvent.Level;
import dev.banyan.topology.Decision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What Banyan did by itself, the last {@value #KEPT} of them. Each is also logged, counted in {@code banyan_decisions_total} by its first
 * word, and told to who listens. Safe for any thread.
 */
public final class Decisions {
    /** How many are remembered. */
    public static final int KEPT = 1_000;

    private final Registry registry;
    private final EventLog log;
    private final Deque<Numbered> kept = new ArrayDeque<>();
    private final List<Consumer<Numbered>> listeners = new CopyOnWriteArrayList<>();
    private long next = 1;

    public Decisions(Registry registry, EventLog log) {
        this.registry = registry;
        this.log = log;
    }

    /** Remembers, logs, counts and tells. A listener that throws is logged and does not keep the others from hearing. */
    public void announce(Decision decision) {
        Numbered numbered = remember(decision);
        registry.counter("banyan_decisions_total", "What Banyan did by itself, by the act.", Labels.of("act", act(decision))).increment();
        log.log(Level.INFO, "decision", decision.what(), "why", decision.why(), "seen", decision.seen());
        for (Consumer<Numbered> listener : listeners) {
            try {
                listener.accept(numbered);
            } catch (RuntimeException e) {
                log.error("decision", "a listener failed", "decision", decision.what(), "error", e.toString());
            }
        }
    }

    /** The last ones, the newest last. */
    public synchronized List<Numbered> latest(int most) {
        List<Numbered> all = new ArrayList<>(kept);
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    /**
     * Hears of each from now on, on the thread that announces it: must not block.
     *
     * @return closing it ends the hearing
     */
    public Listening listen(Consumer<Numbered> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private synchronized Numbered remember(Decision decision) {
        Numbered numbered = new Numbered(next++, decision);
        kept.addLast(numbered);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
        return numbered;
    }

    private static String act(Decision decision) {
        int space = decision.what().indexOf(' ');
        return space < 0 ? decision.what() : decision.what().substring(0, space);
    }

    /**
     * A decision and its place in the row.
     *
     * @param number 1 for the first of this process
     */
    public record Numbered(long number, Decision decision) {}

    /** Ends a listener. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
