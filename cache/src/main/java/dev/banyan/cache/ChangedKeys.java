package dev.banyan.cache;

import dev.banyan.cache.Bound.Evicting;
import dev.banyan.changes.Change;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys the changes of a transaction make old. Pure.
 *
 * @param keys each once, in the order of the changes
 * @param whole prefixes all of whose keys they do: a table was emptied, or the log does not tell which key it was
 */
record ChangedKeys(Set<CacheKey> keys, Set<Rule> whole) {
    /** More keys of one prefix in one part of a transaction are not told apart: its values are given up together. */
    static final int MOST_KEYS = 20_000;

    static ChangedKeys of(Collection<Bound> rules, List<Change> changes) {
        ChangedKeys found = new ChangedKeys(new LinkedHashSet<>(), new LinkedHashSet<>());
        for (Bound bound : rules) {
            if (bound.rule().followed()) {
                found.add(bound, changes);
            }
        }
        return found;
    }

    private void add(Bound bound, List<Change> changes) {
        Set<CacheKey> ofRule = new LinkedHashSet<>();
        for (Source source : sources(bound)) {
            for (Change change : changes) {
                if (!change.table().equals(source.table)) {
                    continue;
                }
                if (!add(bound.rule(), source, change, ofRule) || ofRule.size() > MOST_KEYS) {
                    whole.add(bound.rule());
                    return;
                }
            }
        }
        keys.addAll(ofRule);
    }

    private static List<Source> sources(Bound bound) {
        List<Source> sources = new ArrayList<>();
        bound.table().ifPresent(table -> sources.add(new Source(table.full(), bound.key().stream().map(Column::name).toList(), true)));
        for (Evicting by : bound.evictedBy()) {
            sources.add(new Source(by.table().full(), by.columns(), !by.columns().isEmpty() || bound.parts() == 0));
        }
        return sources;
    }

    /** Whether the log tells which key it was. */
    private static boolean add(Rule rule, Source source, Change change, Set<CacheKey> keys) {
        return switch (change) {
            case Change.Inserted(_, Map<String, Optional<String>> row) -> add(rule, source, row, keys);
            // Without an old row the columns that identify it are the same.
            case Change.Updated(_, Map<String, Optional<String>> old, Map<String, Optional<String>> row) -> (old.isEmpty() || add(rule, source, old, keys)) && add(rule, source, row, keys);
            case Change.Deleted(_, Map<String, Optional<String>> old) -> add(rule, source, old, keys);
            case Change.Truncated _ -> false;
        };
    }

    private static boolean add(Rule rule, Source source, Map<String, Optional<String>> row, Set<CacheKey> keys) {
        if (!source.exact || !row.keySet().containsAll(source.columns)) {
            return false;
        }
        List<Optional<String>> parts = source.columns.stream().map(row::get).toList();
        if (parts.stream().allMatch(Optional::isPresent)) { // NULL is nobody's key
            keys.add(CacheKey.of(rule, parts.stream().map(Optional::get).toList()));
        }
        return true;
    }

    /** @param exact whether its columns are a key's parts; otherwise any change makes all values old */
    private record Source(String table, List<String> columns, boolean exact) {}
}
