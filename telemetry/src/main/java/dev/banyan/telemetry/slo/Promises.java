package dev.banyan.telemetry.slo;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Durations;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The site's promises and how they are kept: takes what users were answered now and then, keeps it by the minute on disk, and says when a
 * budget goes too fast. Safe for any thread.
 */
public final class Promises implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofDays(3);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Path file;
    private final Clock clock;
    private final Registry registry;
    private final Consumer<Decision> decisions;
    private final Consumer<String> warnings;
    private final BurnAlerts alerts = new BurnAlerts();
    private final Map<String, Counted> counted = new ConcurrentHashMap<>();
    private Optional<MinuteFile> kept = Optional.empty();
    private List<Objective> objectives = List.of();
    private String lastFault = "";
    private volatile List<Kept> standing = List.of();

    /** How a promise is kept, and the alert that is on for it. */
    public record Kept(Standing standing, Optional<String> alert) {}

    private record Counted(AtomicLong all, AtomicLong bad) {}

    /**
     * @param file where counts are kept; made when there is a promise
     * @param decisions hears when a burn alert begins and ends
     * @param warnings hears when counts are lost
     */
    public Promises(Path file, Clock clock, Registry registry, Consumer<Decision> decisions, Consumer<String> warnings) {
        this.file = file;
        this.clock = clock;
        this.registry = registry;
        this.decisions = decisions;
        this.warnings = warnings;
    }

    /** What answers are held against, in nanoseconds; 0 for none. */
    public synchronized long boundNanos() {
        return Objective.boundMillis(objectives) * 1_000_000L;
    }

    /**
     * Holds the site to these from now on; to those of another window, what was counted goes on counting as far as it reaches.
     *
     * @throws BanyanException DISK when counts cannot be kept
     */
    public synchronized void use(List<Objective> wanted) {
        if (wanted.equals(objectives)) {
            return;
        }
        objectives.forEach(each -> registry.removeAll(Labels.of("slo", each.name())));
        objectives = List.copyOf(wanted);
        if (objectives.isEmpty()) {
            close();
            standing = List.of();
            return;
        }
        int length = Minutes.of(objectives.stream().map(Objective::window).reduce(LONGEST, (a, b) -> a.compareTo(b) > 0 ? a : b)) + 1;
        if (kept.filter(is -> is.minutes().length() == length).isEmpty()) {
            close();
            kept = Optional.of(MinuteFile.open(file, length, warnings));
        }
        look();
        objectives.forEach(this::observe);
    }

    /** Adds what users were answered since the last time, and looks how the promises are kept. */
    public void count(Tally since) {
        List<Decision> said;
        synchronized (this) {
            if (kept.isEmpty()) {
                return;
            }
            int minute = minute();
            kept.get().minutes().add(minute, Objective.boundMillis(objectives), since);
            write(kept.get(), minute);
            objectives.forEach(each -> {
                counted.get(each.name()).all().addAndGet(each.all(since));
                counted.get(each.name()).bad().addAndGet(each.bad(since));
            });
            said = look();
        }
        said.forEach(decisions);
    }

    /** How the promises were kept at the last look. */
    public List<Kept> standing() {
        return standing;
    }

    @Override
    public synchronized void close() {
        try {
            if (kept.isPresent()) {
                kept.get().close();
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot close " + file + ": " + e.getMessage(), e);
        } finally {
            kept = Optional.empty();
        }
    }

    private int minute() {
        return Math.toIntExact(clock.now().getEpochSecond() / MINUTE.toSeconds());
    }

    /** A disk that is full makes counts of this minute wait for the next write; said once. */
    private void write(MinuteFile to, int minute) {
        try {
            to.write(minute);
            lastFault = "";
        } catch (IOException e) {
            if (!e.toString().equals(lastFault)) {
                lastFault = e.toString();
                warnings.accept("the counts of the site's promises (slo) cannot be written to " + to + " (" + e.getMessage() + "): they are kept in memory, and what was not written is lost with this process");
            }
        }
    }

    private List<Decision> look() {
        int bound = Objective.boundMillis(objectives);
        int now = minute();
        List<Standing> all = objectives.stream().map(each -> Standing.of(each, kept.orElseThrow().minutes(), now, bound)).toList();
        List<Decision> said = alerts.look(all, clock.now());
        standing = all.stream().map(each -> new Kept(each, alerts.sentence(each))).toList();
        return said;
    }

    private void observe(Objective objective) {
        Labels labels = Labels.of("slo", objective.name());
        Counted totals = counted.computeIfAbsent(objective.name(), _ -> new Counted(new AtomicLong(), new AtomicLong()));
        registry.total("banyan_slo_answers_total", "Answers to users that a promise is about.", labels, totals.all()::get);
        registry.total("banyan_slo_bad_answers_total", "Those of them that broke it.", labels, totals.bad()::get);
        registry.gauge("banyan_slo_target_ratio", "The share that is promised.", labels, objective::target);
        registry.gauge("banyan_slo_budget_left_ratio", "Of what may break a promise in its window, the part that has not; below 0 when more did.", labels, () -> now(objective).map(Standing::left).orElse(1.0));
        for (Duration window : BurnRule.WINDOWS) {
            registry.gauge("banyan_slo_burn_rate", "How many times as fast as it may the budget went over a time.",
                    Labels.of("slo", objective.name(), "window", Durations.format(window)), () -> now(objective).map(is -> is.rate(window)).orElse(0.0));
        }
    }

    private Optional<Standing> now(Objective objective) {
        return standing.stream().map(Kept::standing).filter(is -> is.objective().equals(objective)).findFirst();
    }
}
