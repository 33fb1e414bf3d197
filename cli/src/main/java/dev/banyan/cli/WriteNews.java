package dev.banyan.cli;

import dev.banyan.http.WriteListener;
import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Has all edges told of URLs that were written to, soon and beside the requests: the first at once, the others in rounds, each URL once a round. What is too
 * much is counted and not told. Safe for any thread.
 */
final class WriteNews implements WriteListener {
    /** URLs of one round; edges of other machines catch up with that, see {@link PurgeLog}. */
    static final int ROUND = 100;
    static final Duration PAUSE = Duration.ofMillis(250);
    static final int MOST_WAITING = 1000;
    private static final int LONGEST = 2048;

    private final BooleanSupplier anybody;
    private final SiteEdges.Later later;
    private final Consumer<List<String>> edges;
    private final Counter told;
    private final Counter lost;
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean underWay;

    /**
     * @param anybody whether there are edges
     * @param edges tells them; may block, and is called by one thread at a time
     */
    WriteNews(BooleanSupplier anybody, SiteEdges.Later later, Registry registry, Consumer<List<String>> edges) {
        this.anybody = anybody;
        this.later = later;
        this.edges = edges;
        this.told = counter(registry, "told");
        this.lost = counter(registry, "lost");
    }

    private static Counter counter(Registry registry, String outcome) {
        return registry.counter("banyan_edge_writes_total", "URLs written to, of which all edges were told, or not for there were too many.", Labels.of("outcome", outcome));
    }

    @Override
    public void written(List<String> urls) {
        if (anybody.getAsBoolean()) {
            queue(urls);
        }
    }

    private synchronized void queue(List<String> urls) {
        for (String url : urls) {
            if (url.length() > LONGEST || waiting.size() >= MOST_WAITING && !waiting.contains(url)) {
                lost.increment();
            } else {
                waiting.add(url);
            }
        }
        if (!underWay && !waiting.isEmpty()) {
            underWay = true;
            later.after(Duration.ZERO, this::round);
        }
    }

    private void round() {
        List<String> urls = next();
        try {
            if (!urls.isEmpty()) {
                edges.accept(urls);
                told.add(urls.size());
            }
        } finally {
            goOn(urls.isEmpty());
        }
    }

    private synchronized List<String> next() {
        List<String> urls = new ArrayList<>();
        for (Iterator<String> each = waiting.iterator(); each.hasNext() && urls.size() < ROUND; each.remove()) {
            urls.add(each.next());
        }
        return urls;
    }

    /** A round without a URL is the last. */
    private synchronized void goOn(boolean nothing) {
        underWay = !nothing || !waiting.isEmpty();
        if (underWay) {
            later.after(PAUSE, this::round);
        }
    }
}
