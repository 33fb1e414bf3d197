package dev.banyan.cache;

import dev.banyan.cache.journal.Pending;
import dev.banyan.topology.CacheKeys.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A value with the writes that the database does not have yet. Pure. */
final class Fold {
    private Fold() {}

    /**
     * Adds them.
     *
     * @param base the value as the database has it
     * @param parts the key's, for the key's columns of a row that is yet to be inserted
     */
    static Optional<byte[]> of(Bound bound, List<String> parts, Optional<byte[]> base, Pending pending) {
        Optional<Map<String, Optional<String>>> row = pending.over(base.map(value -> row(bound, value)));
        return row.flatMap(after -> value(bound, parts, after, pending, base));
    }

    private static Map<String, Optional<String>> row(Bound bound, byte[] value) {
        Map<String, Optional<String>> row = new LinkedHashMap<>();
        switch (bound.rule().shape()) {
            case COLUMN -> row.put(bound.onlyValue().quoted(), Optional.of(new String(value, StandardCharsets.UTF_8)));
            case HASH -> {
                Map<String, String> fields = HashValue.parse(value);
                bound.values().forEach(column -> row.put(column.quoted(), Optional.ofNullable(fields.get(column.name()))));
            }
            case DOCUMENT -> {
                JsonNode document = RowText.JSON.readTree(value);
                bound.values().forEach(column -> row.put(column.quoted(), text(document.path(column.name()))));
            }
        }
        return row;
    }

    private static Optional<String> text(JsonNode member) {
        if (member.isNull() || member.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(member.isContainer() ? member.toString() : member.isBigDecimal() ? member.decimalValue().toPlainString() : member.asString());
    }

    private static Optional<byte[]> value(Bound bound, List<String> parts, Map<String, Optional<String>> row, Pending pending, Optional<byte[]> base) {
        for (int i = 0; i < parts.size(); i++) {
            row.putIfAbsent(bound.key().get(i).quoted(), Optional.of(parts.get(i)));
        }
        if (bound.rule().shape() == Shape.DOCUMENT) {
            return Optional.of(document(bound, row, pending, base).toString().getBytes(StandardCharsets.UTF_8));
        }
        List<Optional<String>> texts = new ArrayList<>();
        bound.values().forEach(column -> texts.add(row.getOrDefault(column.quoted(), Optional.empty())));
        return Values.of(bound, texts);
    }

    /** What was not written stays as the database wrote it. */
    private static ObjectNode document(Bound bound, Map<String, Optional<String>> row, Pending pending, Optional<byte[]> base) {
        ObjectNode document = RowText.JSON.createObjectNode();
        boolean anew = !(pending instanceof Pending.Written written) || written.anew();
        JsonNode before = anew || base.isEmpty() ? RowText.JSON.createObjectNode() : RowText.JSON.readTree(base.get());
        for (Column column : bound.values()) {
            boolean written = pending instanceof Pending.Written some && some.columns().containsKey(column.quoted());
            JsonNode old = before.path(column.name());
            document.set(column.name(), written || old.isMissingNode() ? RowText.json(column, row.getOrDefault(column.quoted(), Optional.empty())) : old);
        }
        return document;
    }
}
