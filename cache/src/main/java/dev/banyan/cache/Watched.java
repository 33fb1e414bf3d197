package dev.banyan.cache;

import dev.banyan.cache.Bound.Evicting;
import dev.banyan.topology.CacheKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables a rule's values hang on, each as the log names it, with the columns whose old values must be told. A table that was not met yet
 * counts under the name it is likely to have.
 */
final class Watched {
    private static final String USUAL_SCHEMA = "public";

    private Watched() {}

    static Map<String, Set<String>> by(Rule rule, Optional<Bound> bound) {
        return bound.map(Watched::by).orElseGet(() -> by(rule.declared()));
    }

    private static Map<String, Set<String>> by(Bound bound) {
        Map<String, Set<String>> tables = new HashMap<>();
        bound.table().ifPresent(table -> add(tables, table.full(), bound.key().stream().map(Column::name).toList()));
        for (Evicting by : bound.evictedBy()) {
            add(tables, by.table().full(), by.columns());
        }
        return tables;
    }

    private static Map<String, Set<String>> by(CacheKeys declared) {
        Map<String, Set<String>> tables = new HashMap<>();
        declared.table().ifPresent(table -> add(tables, full(table), plain(declared.key())));
        declared.evictedBy().forEach(by -> add(tables, full(by.table()), plain(by.columns())));
        return tables;
    }

    private static void add(Map<String, Set<String>> tables, String name, List<String> columns) {
        tables.computeIfAbsent(name, _ -> new HashSet<>()).addAll(columns);
    }

    private static List<String> plain(List<String> written) {
        return written.stream().map(Names::plain).toList();
    }

    private static String full(String written) {
        List<String> parts = Names.parts(written);
        return parts.size() == 1 ? USUAL_SCHEMA + "." + parts.getFirst() : parts.stream().collect(Collectors.joining("."));
    }
}
