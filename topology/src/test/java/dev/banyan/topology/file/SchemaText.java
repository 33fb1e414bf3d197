package dev.banyan.topology.file;

import dev.banyan.topology.file.Shape.Fields;
import dev.banyan.topology.file.ValueType.Choice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON schema (draft 2020-12) of a shape. It says the form of everything, so that an editor can complete and check; what only the reader
 * can know (ranges of durations and sizes, what holds between keys, the environment) it leaves to the reader: it never refuses what the reader takes.
 */
final class SchemaText {
    private final Map<String, Object> types = new TreeMap<>();

    private SchemaText() {}

    static String of(Fields site) {
        return new SchemaText().text(site);
    }

    private String text(Fields site) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", "urn:banyan:site-file");
        schema.put("title", "Banyan site file");
        schema.putAll(fields(site));
        Map<String, Object> variable = type("string");
        variable.put("pattern", Variables.REFERENCE);
        variable.put("description", "A value from the environment: ${NAME} or ${NAME:-default}.");
        types.put("variable", variable);
        schema.put("$defs", types);
        return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema).replace(System.lineSeparator(), "\n") + "\n";
    }

    private Map<String, Object> of(Shape shape) {
        return switch (shape) {
            case Shape.Value(ValueType<?> type) -> value(type);
            case Shape.Words _ -> anyOf(reference(ValueTypes.COMMAND), list(reference(ValueTypes.WORD), true));
            case Shape.Maybe(Shape inner, _) -> of(inner);
            case Shape.Many(Shape item) -> list(of(item), false);
            case Shape.Named(ValueType<String> key, Shape inner) -> {
                Map<String, Object> schema = type("object");
                schema.put("propertyNames", Map.of("pattern", whole(key)));
                schema.put("additionalProperties", of(inner));
                yield schema;
            }
            case Fields fields -> fields.plain().isPresent() ? anyOf(of(fields.plain().get().shape()), fields(fields)) : fields(fields);
        };
    }

    private Map<String, Object> fields(Fields fields) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", fields.doc());
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        List<String> required = fields.fields().stream().filter(Field::required).map(Field::key).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (!fields.exactlyOne().isEmpty()) {
            schema.put("oneOf", fields.exactlyOne().stream().map(key -> Map.of("required", List.of(key))).toList());
        }
        if (!fields.together().isEmpty()) {
            Map<String, Object> others = new LinkedHashMap<>();
            fields.together().forEach(key -> others.put(key, fields.together().stream().filter(other -> !other.equals(key)).toList()));
            schema.put("dependentRequired", others);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        fields.fields().forEach(field -> properties.put(field.key(), property(field, fields.exactlyOne().contains(field.key()))));
        schema.put("properties", properties);
        return schema;
    }

    private Map<String, Object> property(Field field, boolean filled) {
        Map<String, Object> schema = of(field.shape());
        if (filled && field.shape() instanceof Shape.Many) {
            schema.put("minItems", 1);
        }
        schema.put("description", field.doc() + range(field.shape()));
        field.usual().ifPresent(usual -> schema.put("default", literal(usual)));
        return schema;
    }

    private static String range(Shape shape) {
        return switch (shape) {
            case Shape.Value(ValueType<?> type) when !ReferenceText.range(type).isEmpty() -> " (" + ReferenceText.range(type) + ")";
            case Shape.Maybe(Shape inner, _) -> range(inner);
            default -> "";
        };
    }

    private Map<String, Object> value(ValueType<?> type) {
        return type.name().equals(ValueTypes.NUMBER.name()) && type.from().isPresent() ? anyOf(form(type), variable()) : reference(type);
    }

    private Map<String, Object> reference(ValueType<?> type) {
        types.computeIfAbsent(type.name(), _ -> {
            List<Map<String, Object>> forms = new ArrayList<>(type.choices().stream().map(SchemaText::choice).toList());
            if (forms.isEmpty()) {
                forms.add(form(type));
            }
            forms.add(variable());
            return Map.of("anyOf", forms);
        });
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$ref", "#/$defs/" + type.name());
        return schema;
    }

    private static Map<String, Object> choice(Choice choice) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("const", literal(choice.text()));
        schema.put("description", choice.doc());
        return schema;
    }

    private static Map<String, Object> form(ValueType<?> type) {
        List<String> kinds = type.kinds().stream().sorted().map(ScalarKind::schemaType).toList();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", kinds.size() == 1 ? kinds.getFirst() : kinds);
        if (type.kinds().contains(ScalarKind.TEXT)) {
            schema.put("pattern", whole(type));
        }
        if (type.kinds().contains(ScalarKind.WHOLE)) {
            type.from().ifPresent(least -> schema.put("minimum", literal(least)));
            type.to().ifPresent(most -> schema.put("maximum", literal(most)));
        }
        return schema;
    }

    private static String whole(ValueType<?> type) {
        return type.pattern().map(pattern -> "^(?:" + pattern.pattern() + ")$").orElse("");
    }

    private static Object literal(String text) {
        return switch (ScalarKind.ofPlain(text)) {
            case WHOLE -> Integer.valueOf(text);
            case TRUTH -> Boolean.valueOf(text);
            case TEXT, REAL, NOTHING -> text;
        };
    }

    private static Map<String, Object> list(Map<String, Object> item, boolean filled) {
        Map<String, Object> schema = type("array");
        schema.put("items", item);
        if (filled) {
            schema.put("minItems", 1);
        }
        return schema;
    }

    private static Map<String, Object> variable() {
        return Map.of("$ref", "#/$defs/variable");
    }

    private static Map<String, Object> type(String name) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", name);
        return schema;
    }

    private static Map<String, Object> anyOf(Map<String, Object> one, Map<String, Object> other) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", List.of(one, other));
        return schema;
    }
}
