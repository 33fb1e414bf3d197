package dev.banyan.bench.footprint;

import dev.banyan.bench.bed.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What was measured: one table a case, and all of it as JSON. */
final class Findings {
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Double> ratios = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * @param subject who
     * @param load the case: what it was doing
     * @param figures by name with unit, in the order of the columns; a figure that does not apply is absent
     */
    record Row(String subject, String load, Map<String, Double> figures) {
        static Row of(String subject, String load) {
            return new Row(subject, load, new LinkedHashMap<>());
        }

        Row with(String name, double figure) {
            figures.put(name, Math.round(figure * 1000) / 1000.0);
            return this;
        }
    }

    void add(Row row) {
        rows.add(row);
    }

    /** Ours over a peer's. */
    void ratio(String name, double ratio) {
        ratios.put(name, Math.round(ratio * 1000) / 1000.0);
    }

    /** A sentence for who reads the figures. */
    void note(String sentence) {
        notes.add(sentence);
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    String table() {
        StringBuilder table = new StringBuilder(Machine.words() + "\n");
        Map<String, List<Row>> byCase = new LinkedHashMap<>();
        rows.forEach(row -> byCase.computeIfAbsent(row.load(), _ -> new ArrayList<>()).add(row));
        byCase.forEach((load, group) -> append(table, load, group));
        ratios.forEach((name, ratio) -> table.append(String.format(Locale.ROOT, "%nbanyan over %s: %.2f", name, ratio)));
        notes.forEach(sentence -> table.append("\n").append(sentence));
        return table.append("\n").toString();
    }

    private static void append(StringBuilder table, String load, List<Row> group) {
        LinkedHashMap<String, Double> columns = new LinkedHashMap<>();
        group.reversed().forEach(row -> columns.putAll(row.figures()));
        table.append(String.format("%n%-28s", load));
        columns.keySet().forEach(name -> table.append(String.format("  %14s", name)));
        for (Row row : group) {
            table.append(String.format("%n  %-26s", row.subject()));
            for (String name : columns.keySet()) {
                Double figure = row.figures().get(name);
                table.append(figure == null ? String.format("  %14s", "-") : String.format(Locale.ROOT, "  %14.2f", figure));
            }
        }
        table.append("\n");
    }

    /** As {@code {"machine":..,"rows":[{"subject","case", figures..}],"ratios":{..},"notes":[..]}}. */
    String json() {
        ObjectNode report = new JsonMapper().createObjectNode().put("machine", Machine.words());
        ArrayNode list = report.putArray("rows");
        for (Row row : rows) {
            ObjectNode one = list.addObject().put("subject", row.subject()).put("case", row.load());
            row.figures().forEach((name, figure) -> one.put(name.replace(' ', '_').replace('/', '_').toLowerCase(Locale.ROOT), figure));
        }
        ObjectNode byPeer = report.putObject("ratios");
        ratios.forEach(byPeer::put);
        notes.forEach(report.putArray("notes")::add);
        return report.toPrettyString() + "\n";
    }
}
