package dev.banyan.topology.file;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.file.Shape.Fields;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The generated part of the reference page: a table a record, then the forms of values. */
final class ReferenceText {
    private final StringBuilder page = new StringBuilder();
    private final Map<String, ValueType<?>> types = new TreeMap<>();

    private ReferenceText() {}

    static String of(Fields site) {
        return new ReferenceText().text(site);
    }

    private String text(Fields site) {
        section("", site, Effect.LIVE);
        page.append("## Forms of values\n\n| form | how it is written | example |\n| --- | --- | --- |\n");
        types.values().stream().filter(type -> type.choices().isEmpty()).forEach(type ->
                row(type.name(), type.how(), "`" + type.example() + "`"));
        types.values().stream().filter(type -> !type.choices().isEmpty()).forEach(this::choices);
        return page.toString();
    }

    private void section(String path, Fields fields, Effect inherited) {
        page.append("## ").append(path.isEmpty() ? "The site" : "`" + path + "`").append("\n\n").append(fields.doc()).append(groups(fields)).append("\n\n");
        page.append("| key | form | default | meaning | a change applies |\n| --- | --- | --- | --- | --- |\n");
        for (Field field : fields.fields()) {
            String usual = field.usual().map(text -> "`" + text + "`").orElse(field.required() ? "required" : "");
            row("`" + field.key() + "`", form(Names.beneath(path, field.key()), field.shape()), usual, field.doc(), field.shape() instanceof Fields ? "" : effect(field.effect().orElse(inherited)));
        }
        page.append('\n');
        for (Field field : fields.fields()) {
            beneath(Names.beneath(path, field.key()), field.shape(), field.effect().orElse(inherited));
        }
    }

    private void beneath(String path, Shape shape, Effect effect) {
        switch (shape) {
            case Shape.Value _, Shape.Words _, Shape.Named _ -> {}
            case Shape.Maybe(Shape inner, _) -> beneath(path, inner, effect);
            case Shape.Many(Shape item) -> beneath(path + "[]", item, effect);
            case Fields fields -> section(path, fields, effect);
        }
    }

    private static String groups(Fields fields) {
        String one = fields.exactlyOne().isEmpty() ? "" : " Exactly one of `" + String.join("` and `", fields.exactlyOne()) + "` is given.";
        String all = fields.together().isEmpty() ? "" : " `" + String.join("` and `", fields.together()) + "` are given together or not at all.";
        return one + all;
    }

    private String form(String path, Shape shape) {
        return switch (shape) {
            case Shape.Value(ValueType<?> type) -> {
                types.putIfAbsent(type.name(), type);
                yield type.name() + (range(type).isEmpty() ? "" : ", " + range(type));
            }
            case Shape.Words _ -> {
                types.putIfAbsent(ValueTypes.COMMAND.name(), ValueTypes.COMMAND);
                yield ValueTypes.COMMAND.name();
            }
            case Shape.Maybe(Shape inner, _) -> form(path, inner);
            case Shape.Many(Fields fields) when fields.plain().isPresent() -> "list of " + form(path, fields.plain().get().shape()) + ", or [mappings](#" + anchor(path) + ")";
            case Shape.Many(Shape item) -> "list of " + form(path, item);
            case Shape.Named(ValueType<String> key, Shape inner) -> {
                types.putIfAbsent(key.name(), key);
                yield "mapping of " + key.name() + " to " + form(path, inner);
            }
            case Fields _ -> "[mapping](#" + anchor(path) + ")";
        };
    }

    /** The link that GitHub makes of a heading. */
    private static String anchor(String path) {
        return path.replace(".", "");
    }

    /** {@code from 1 to 100}; empty when it has no bounds, or they are part of how it is written. */
    static String range(ValueType<?> type) {
        if (type.kinds().size() > 1) {
            return "";
        }
        String from = type.from().map(least -> "from " + least).orElse("");
        return (from + type.to().map(most -> " to " + most).orElse("")).strip();
    }

    private static String effect(Effect effect) {
        return switch (effect) {
            case LIVE -> "live";
            case ROLLING -> "rolling";
            case RESTART -> "restart";
        };
    }

    private void choices(ValueType<?> type) {
        page.append("\n### ").append(type.name().substring(0, 1).toUpperCase(Locale.ROOT)).append(type.name().substring(1)).append("\n\n| value | meaning |\n| --- | --- |\n");
        type.choices().forEach(choice -> row("`" + choice.text() + "`", choice.doc()));
    }

    private void row(String... cells) {
        page.append("| ").append(String.join(" | ", Arrays.stream(cells).map(cell -> cell.replace("|", "\\|")).toList())).append(" |\n");
    }
}
