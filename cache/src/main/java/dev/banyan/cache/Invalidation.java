package dev.banyan.cache;

import dev.banyan.changes.Change;
import dev.banyan.changes.ChangeListener;
import dev.banyan.changes.Commit;
import dev.banyan.changes.WatchedTable;
import dev.banyan.topology.CacheKeys.OnChange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes entries old as the database's log tells of changes. When it has confirmed a transaction, no entry from before it answers any more. While
 * the log of a prefix's tables is not followed, its values answer only while they are young ({@link Truth#UNFOLLOWED}); after a gap all begin anew.
 * Called by one thread after the other; blocks.
 */
public final class Invalidation implements ChangeListener {
    private final List<Rule> rules;
    private final Supplier<List<Bound>> bound;
    private final Truth truth;
    private final Eviction eviction;
    private final FollowedTables followed;
    private final Consumer<CacheKey> reload;
    private final Consumer<Told> listener;
    private final Consumer<Rule> grown;
    private final List<CacheFigures> figures;

    /**
     * @param bound the rules that have met the database
     * @param reload loads a value anew, without waiting for it
     * @param listener told each key with the transaction that changed it, before its entry is put away
     * @param grown told a rule whose table has columns that it had not when the rule met it
     */
    Invalidation(List<Rule> rules, Supplier<List<Bound>> bound, Truth truth, Eviction eviction, FollowedTables followed, Consumer<CacheKey> reload, Consumer<Told> listener,
            Consumer<Rule> grown, List<CacheFigures> figures) {
        this.rules = rules;
        this.bound = bound;
        this.truth = truth;
        this.eviction = eviction;
        this.followed = followed;
        this.reload = reload;
        this.listener = listener;
        this.grown = grown;
        this.figures = figures;
    }

    record Told(CacheKey key, int xid) {}

    /** The tables whose changes must be told now, and of which columns the old values; others when a rule meets its table. Does not block. */
    public Set<WatchedTable> tables() {
        Map<String, Set<String>> tables = new HashMap<>();
        rules.stream().filter(Rule::followed).forEach(rule -> watched(rule).forEach((name, old) -> tables.computeIfAbsent(name, _ -> new HashSet<>()).addAll(old)));
        return tables.entrySet().stream().map(table -> new WatchedTable(table.getKey(), table.getValue())).collect(Collectors.toSet());
    }

    private Map<String, Set<String>> watched(Rule rule) {
        return Watched.by(rule, bound.get().stream().filter(one -> one.rule().equals(rule)).findFirst());
    }

    @Override
    public void committed(Commit commit, List<Change> changes) {
        int xid = (int) commit.xid();
        ChangedKeys changed = ChangedKeys.of(bound.get(), changes);
        for (Rule rule : changed.whole()) {
            eviction.evictAll(rule, xid);
            figures.get(rule.index()).invalidations().increment();
        }
        List<CacheKey> keys = changed.keys().stream().filter(key -> !changed.whole().contains(key.rule())).toList();
        for (CacheKey key : keys) {
            figures.get(key.rule().index()).invalidations().increment();
            listener.accept(new Told(key, xid));
        }
        eviction.evict(keys, xid, this::wasThere);
        bound.get().stream().filter(one -> hasNewColumns(one, changes)).map(Bound::rule).toList().forEach(grown);
    }

    /** Whether the log tells of columns that the table did not have when the rule met it. */
    private static boolean hasNewColumns(Bound one, List<Change> changes) {
        return one.table().filter(table -> changes.stream().filter(change -> change.table().equals(table.full())).map(Invalidation::row)
                .anyMatch(row -> row.stream().anyMatch(column -> table.column(column).isEmpty()))).isPresent();
    }

    private static Set<String> row(Change change) {
        return switch (change) {
            case Change.Inserted inserted -> inserted.row().keySet();
            case Change.Updated updated -> updated.row().keySet();
            case Change.Deleted _, Change.Truncated _ -> Set.of();
        };
    }

    private void wasThere(CacheKey key) {
        if (key.rule().declared().onChange() == OnChange.REFRESH) {
            reload.accept(key);
        }
    }

    @Override
    public void following(Set<String> tables, String since) {
        List<Rule> anew = rules.stream().filter(rule -> rule.followed() && !followed.hasAll(watched(rule).keySet())).toList();
        if (!anew.isEmpty()) {
            // What a replica lacked when a gap ended is told by nobody: until it has all that, only the primary is asked.
            truth.horizon().gap();
            anew.forEach(eviction::evictAll);
        }
        followed.are(tables);
        look();
    }

    /** Looks anew which rules are followed, as when one has met its table. */
    void look() {
        boolean live = followed.live();
        truth.following(rules.stream().filter(rule -> live && rule.followed() && followed.hasAll(watched(rule).keySet())).map(Rule::index).collect(Collectors.toSet()));
    }

    @Override
    public void lost(String why) {
        truth.following(Set.of());
        followed.none();
        rules.stream().filter(Rule::followed).forEach(eviction::evictAll);
    }
}
