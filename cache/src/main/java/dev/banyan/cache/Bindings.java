package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The rules that have met the database. A rule is bound when it is first used, for its table may come later than the cache; what keeps it from
 * being bound is told to each who asks, and tried again after {@link #PAUSE}. Blocks while it asks. Safe for any thread.
 */
final class Bindings {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final Clock clock;
    private final AtomicReferenceArray<Bound> bound;
    private final AtomicReferenceArray<Failed> failed;
    private final Runnable changed;

    /** @param changed told, by any thread, that a rule is bound or no longer is */
    Bindings(Database database, Clock clock, List<Rule> rules, Runnable changed) {
        this.database = database;
        this.clock = clock;
        this.bound = new AtomicReferenceArray<>(rules.size());
        this.failed = new AtomicReferenceArray<>(rules.size());
        this.changed = changed;
    }

    /** The rule if it is bound; does not block. */
    Optional<Bound> known(Rule rule) {
        return Optional.ofNullable(bound.get(rule.index()));
    }

    /** Those that are bound; does not block. */
    List<Bound> known(List<Rule> rules) {
        return rules.stream().map(this::known).flatMap(Optional::stream).toList();
    }

    /** Binds what can be bound, so that it is known early which tables are to be watched. */
    void tryAll(List<Rule> rules) {
        for (Rule rule : rules) {
            try {
                if (rule.loads()) {
                    bound(rule);
                }
            } catch (SQLException | Refused e) {
                // who uses the prefix is told
            }
        }
    }

    /** @throws Refused when the database does not have what is declared */
    Bound bound(Rule rule) throws SQLException {
        Bound known = bound.get(rule.index());
        if (known != null) {
            return known;
        }
        Failed before = failed.get(rule.index());
        if (before != null && clock.nanos() - before.atNanos < PAUSE.toNanos()) {
            throw new Refused(before.why);
        }
        return bind(rule);
    }

    private Bound bind(Rule rule) throws SQLException {
        Binding.Outcome outcome = database.repeatable(connection -> Binding.of(rule, connection));
        if (outcome.bound().isEmpty()) {
            String why = "ERR the declared prefix '" + rule.prefix() + "' (cache.keys) cannot be used: " + String.join("; ", outcome.problems());
            failed.set(rule.index(), new Failed(why, clock.nanos()));
            throw new Refused(why);
        }
        bound.set(rule.index(), outcome.bound().get());
        changed.run();
        return outcome.bound().get();
    }

    /** What was found is not so any more. */
    void forget(Rule rule) {
        if (bound.getAndSet(rule.index(), null) != null) {
            changed.run();
        }
    }

    private record Failed(String why, long atNanos) {}
}
