package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What this router knows of the database's changes, and so which entries may answer and which loads may be stored. Safe for any thread.
 *
 * <p>While the log is not followed nobody says what is old: then a value answers for {@link #UNFOLLOWED} after it was loaded, no longer.
 */
final class Truth {
    /** How old a value may be while the log is not followed. */
    static final Duration UNFOLLOWED = Duration.ofSeconds(5);

    /** For so long after a change the router's own copy of an entry may be behind the node's. */
    private static final Duration COPIES_LATE = Duration.ofSeconds(2);

    private final ToLongFunction<Rule> generations;
    private final RecentChanges recent;
    private final Horizon horizon;
    private final Clock clock;
    private volatile Set<Integer> following = Set.of();

    Truth(ToLongFunction<Rule> generations, int rules, Clock clock) {
        this.generations = generations;
        this.recent = new RecentChanges(clock, rules);
        this.horizon = new Horizon(clock);
        this.clock = clock;
    }

    long generation(Rule rule) {
        return generations.applyAsLong(rule);
    }

    RecentChanges recent() {
        return recent;
    }

    Horizon horizon() {
        return horizon;
    }

    /** Whether the log tells of all changes of a prefix's values now. */
    boolean follows(Rule rule) {
        return following.contains(rule.index());
    }

    /** @param now the rules, by their index, whose tables are followed */
    void following(Set<Integer> now) {
        following = Set.copyOf(now);
    }

    /** Entries loaded before do not answer; milliseconds since 1970. */
    long oldestMillis(Rule rule) {
        return !rule.followed() || follows(rule) ? 0 : clock.now().toEpochMilli() - UNFOLLOWED.toMillis();
    }

    /** Whether an entry, or a copy of it that may be a little late, answers a read. */
    boolean answers(CacheKey key, Entry entry) {
        return entry.answers() && entry.generation() == generation(key.rule()) && entry.atMillis() >= oldestMillis(key.rule()) && !lateCopy(key, entry);
    }

    private boolean lateCopy(CacheKey key, Entry entry) {
        long told = recent.toldMillis(key);
        return entry.atMillis() <= told && clock.now().toEpochMilli() - told < COPIES_LATE.toMillis();
    }

    /** Whether a load has all changes that are known to have been committed. */
    boolean allows(Snapshot snapshot, int[] mustSee) {
        return horizon.allows(snapshot) && snapshot.seesAll(mustSee);
    }
}
