package dev.banyan.telemetry;

import dev.banyan.net.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * All figures of one process. Asking for a series makes it if it is new; hold on to what is returned, the look-up is not for the hot path.
 * Names follow OpenTelemetry in Prometheus' spelling ({@code http_server_request_duration_seconds}); ours begin with {@code banyan_}.
 *
 * <p>Asking again for a name with another kind or other label names is a bug and throws {@link IllegalArgumentException}. Safe for any
 * thread.
 */
public final class Registry {
    /** The most series of one name; what comes after is counted in one series whose labels are all "other", and said once. */
    public static final int MOST_SERIES = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*[a-z0-9]");

    private final Clock clock;
    private final int mostSeries;
    private final boolean silent;
    private final Map<String, Family> families = new ConcurrentHashMap<>();
    private volatile Consumer<String> overflow = _ -> {};

    public Registry(Clock clock) {
        this(clock, MOST_SERIES);
    }

    Registry(Clock clock, int mostSeries) {
        this(clock, mostSeries, false);
    }

    private Registry(Clock clock, int mostSeries, boolean silent) {
        this.silent = silent;
        this.clock = clock;
        this.mostSeries = mostSeries;
    }

    /** One whose counters and histograms record nothing: for measuring what recording costs. */
    public static Registry silent(Clock clock) {
        return new Registry(clock, MOST_SERIES, true);
    }

    /** Who is told, in one sentence and once a name, that a name has too many series. */
    public void onOverflow(Consumer<String> listener) {
        overflow = listener;
    }

    /** @param name ends in {@code _total} */
    public Counter counter(String name, String help, Labels labels) {
        mustEnd(name, "_total");
        return (Counter) family(name, help, Kind.COUNTER, labels).series(labels, () -> new Counter(silent));
    }

    /** A total that something else counts already, asked for when it is read. The last one registered counts. */
    public void total(String name, String help, Labels labels, DoubleSupplier value) {
        mustEnd(name, "_total");
        family(name, help, Kind.COUNTER, labels).observe(labels, new Series.Observed(value));
    }

    /** @param name ends in {@code _seconds}; nanoseconds are recorded, seconds exposed */
    public Histogram histogram(String name, String help, Labels labels) {
        mustEnd(name, "_seconds");
        return (Histogram) family(name, help, Kind.HISTOGRAM, labels).series(labels, () -> new Histogram(silent));
    }

    /** A level, asked for when it is read, by any thread: cheap and safe. The last one registered counts. */
    public void gauge(String name, String help, Labels labels, DoubleSupplier value) {
        family(name, help, Kind.GAUGE, labels).observe(labels, new Series.Observed(value));
    }

    /** Ends one series. Who still holds its counter counts for nobody. */
    public void remove(String name, Labels labels) {
        Family family = families.get(name);
        if (family != null) {
            family.remove(labels);
        }
    }

    /** Ends every series that has all of these labels: what is left of a server that is gone. */
    public void removeAll(Labels containing) {
        if (containing.all().isEmpty()) {
            throw new IllegalArgumentException("say which series are to be removed: every series has no labels among its own");
        }
        families.values().forEach(family -> family.removeContaining(containing));
    }

    /** Every figure as it is now. */
    public Snapshot snapshot() {
        return snapshot(_ -> true);
    }

    /** The figures of some names as they are now. */
    public Snapshot snapshot(Predicate<String> names) {
        Map<String, Snapshot.Family> read = new HashMap<>();
        families.forEach((name, family) -> {
            if (names.test(name)) {
                read.put(name, family.read());
            }
        });
        return new Snapshot(clock.now(), clock.nanos(), read);
    }

    private Family family(String name, String help, Kind kind, Labels labels) {
        Family family = families.get(name);
        if (family == null) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a metric's name is lower-case letters, digits and underscores, not '" + name + "'");
            }
            Supplier<Family> made = () -> new Family(name, help, kind, labels.names(), mostSeries, sentence -> overflow.accept(sentence));
            family = families.computeIfAbsent(name, _ -> made.get());
        }
        family.mustBe(kind, labels);
        return family;
    }

    private static void mustEnd(String name, String suffix) {
        if (!name.endsWith(suffix)) {
            throw new IllegalArgumentException("metric " + name + " must end in " + suffix);
        }
    }
}
