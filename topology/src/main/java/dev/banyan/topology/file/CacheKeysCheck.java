package dev.banyan.topology.file;

import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.CacheKeys.EvictedBy;
import dev.banyan.topology.CacheKeys.OnChange;
import dev.banyan.topology.CacheKeys.Shape;
import dev.banyan.topology.CacheKeys.Strategy;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What must hold between the keys of each prefix in {@code cache.keys}, and between prefixes. */
record CacheKeysCheck(List<CacheKeys> keys, Findings findings) {
    /** What a prefix may say whose values the application loads and writes itself. */
    private static final List<String> OF_ALL = List.of("prefix", "strategy", "lease");

    private static final List<String> OF_VALUES =
            List.of("table", "sql", "key", "columns", "value", "ttl", "jitter", "missing", "refresh-ahead", "on-change", "evicted-by");

    private static final Pattern PARAMETER = Pattern.compile("\\$([1-9][0-9]{0,2})");

    static String path(int index) {
        return "cache.keys[" + index + "]";
    }

    void check() {
        for (int i = 0; i < keys.size(); i++) {
            if (findings.bad(path(i)) || findings.bad(path(i) + ".prefix") || findings.bad(path(i) + ".strategy")) {
                continue;
            }
            prefixes(i);
            if (keys.get(i).strategy() == Strategy.CACHE_ASIDE) {
                cacheAside(i);
            } else {
                source(path(i), keys.get(i));
                shape(path(i), keys.get(i));
                evictions(path(i), keys.get(i));
            }
        }
    }

    private void prefixes(int index) {
        String prefix = keys.get(index).prefix();
        for (int i = 0; i < index; i++) {
            String other = keys.get(i).prefix();
            if (findings.bad(path(i) + ".prefix")) {
                continue;
            }
            if (prefix.equals(other)) {
                problem(path(index) + ".prefix", "'" + prefix + "' is declared twice: keep one");
            } else if (prefix.startsWith(other) || other.startsWith(prefix)) {
                String longer = prefix.length() > other.length() ? prefix : other;
                String shorter = longer.equals(prefix) ? other : prefix;
                findings.warning(path(index) + ".prefix", "'" + longer + "' begins with '" + shorter + "', which is declared too: for keys that begin with both, the longer one counts");
            }
        }
    }

    private void cacheAside(int index) {
        OF_VALUES.stream().map(key -> path(index) + "." + key).filter(findings::given).forEach(path -> problem(path,
                "has no effect with the strategy cache-aside, where the application loads and writes by itself; a prefix with it has " + String.join(", ", OF_ALL)
                        + ": remove it, or write strategy: read-through"));
    }

    private void source(String path, CacheKeys declared) {
        if (declared.lease()) {
            problem(path + ".lease", "is for the strategy cache-aside: with " + strategy(declared) + " Banyan loads each value itself, once for all who miss it");
        }
        boolean table = findings.given(path + ".table");
        boolean sql = findings.given(path + ".sql");
        if (table && sql) {
            problem(path + ".sql", "cannot stand beside table: give one of table and sql");
        } else if (!table && !sql) {
            problem(path, declared.strategy() == Strategy.READ_THROUGH ? "needs table or sql and has neither" : "needs a table: " + strategy(declared) + " writes to its rows");
        } else if (sql && declared.strategy() != Strategy.READ_THROUGH) {
            problem(path + ".sql", "is for the strategy read-through; " + strategy(declared) + " writes, and needs a table");
        } else if (sql) {
            for (String key : List.of("key", "columns")) {
                if (findings.given(path + "." + key)) {
                    problem(path + "." + key, "is for a table; the parts of the key are $1, $2 of sql, and its columns the value: remove it");
                }
            }
            parameters(path, declared);
        }
    }

    private void parameters(String path, CacheKeys declared) {
        int most = parts(declared);
        for (int number = 1; number < most; number++) {
            if (!declared.sql().orElse("").contains("$" + number)) {
                problem(path + ".sql", "has $" + most + " but no $" + number + ": the parts of the key after the prefix are $1, $2, in their order");
                return;
            }
        }
    }

    private void shape(String path, CacheKeys declared) {
        if (declared.value() == Shape.COLUMN && declared.table().isPresent() && declared.columns().size() != 1 && !findings.bad(path + ".value")) {
            int count = declared.columns().size();
            problem(path + ".value", "'column' is one column as it is, and columns names " + (count == 0 ? "none" : count) + ": name the one in columns, as columns: [like_count]");
        }
        twice(path + ".key", declared.key());
        twice(path + ".columns", declared.columns());
    }

    private void twice(String path, List<String> names) {
        if (names.stream().distinct().count() < names.size()) {
            problem(path, "names a column twice: keep one");
        }
    }

    private void evictions(String path, CacheKeys declared) {
        if (declared.onChange() == OnChange.IGNORE && findings.given(path + ".evicted-by")) {
            findings.warning(path + ".evicted-by", "has no effect with on-change: ignore");
        }
        int parts = declared.sql().isPresent() ? parts(declared) : declared.key().size();
        boolean counted = declared.sql().isPresent() || parts > 0;
        for (int i = 0; i < declared.evictedBy().size(); i++) {
            EvictedBy by = declared.evictedBy().get(i);
            if (counted && !by.columns().isEmpty() && by.columns().size() != parts) {
                problem(path + ".evicted-by[" + i + "].columns", "names " + by.columns().size() + ", and the key has " + parts
                        + (parts == 1 ? " part" : " parts") + " after the prefix: name one for each, in their order, or none for all keys of the prefix");
            }
        }
    }

    /** How many parts of the key a statement takes. */
    private static int parts(CacheKeys declared) {
        return PARAMETER.matcher(declared.sql().orElse("")).results().map((MatchResult found) -> Integer.parseInt(found.group(1))).max(Integer::compare).orElse(0);
    }

    private static String strategy(CacheKeys declared) {
        return Names.kebab(declared.strategy().name());
    }

    private void problem(String path, String message) {
        if (!findings.bad(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
