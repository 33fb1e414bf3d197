package dev.banyan.topology.file;

import dev.banyan.topology.CommandLine;
import dev.banyan.topology.file.Shape.Fields;
import dev.banyan.topology.file.Shape.Named;
import dev.banyan.topology.file.Tree.Entries;
import dev.banyan.topology.file.Tree.Entry;
import dev.banyan.topology.file.Tree.Items;
import dev.banyan.topology.file.Tree.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Turns a tree into records along their shape. It never stops at a problem: a stand-in takes the place of what is wrong, so that all problems
 * are found; what it returns then is of no use. Owned by one reading.
 */
final class SiteReader {
    private final ScalarReader scalars;
    private final Findings findings;

    SiteReader(ScalarReader scalars, Findings findings) {
        this.scalars = scalars;
        this.findings = findings;
    }

    Object read(Shape shape, Tree tree, String path) {
        return switch (shape) {
            case Shape.Value(ValueType<?> type) -> scalars.read(type, tree, path).orElseGet(() -> standIn(shape));
            case Shape.Words _ -> words(tree, path);
            case Shape.Maybe(Shape inner, boolean number) -> number ? OptionalInt.of((Integer) read(inner, tree, path)) : Optional.of(read(inner, tree, path));
            case Shape.Many(Shape item) -> many(item, tree, path);
            case Named named -> named(named, tree, path);
            case Fields fields -> fields(fields, tree, path);
        };
    }

    private Object words(Tree tree, String path) {
        if (tree instanceof Items(List<Tree> items, At at, _)) {
            if (items.isEmpty()) {
                findings.problem(at, path, "is an empty list: name the program and its arguments, as [java, -jar, app.jar]");
                return standIn(new Shape.Words());
            }
            List<String> words = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                scalars.read(ValueTypes.WORD, items.get(i), path + "[" + i + "]").ifPresent(word -> words.add((String) word));
            }
            return words.isEmpty() ? standIn(new Shape.Words()) : new CommandLine(words);
        }
        return scalars.read(ValueTypes.COMMAND, tree, path).orElseGet(() -> standIn(new Shape.Words()));
    }

    private List<Object> many(Shape item, Tree tree, String path) {
        if (!(tree instanceof Items(List<Tree> items, _, _))) {
            findings.problem(tree.at(), path, "is " + tree.noun() + ", not a list: each item begins with '- ' on a line of its own, or [a, b]");
            return List.of();
        }
        List<Object> read = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String beneath = path + "[" + i + "]";
            findings.place(beneath, items.get(i).at());
            read.add(read(item, items.get(i), beneath));
        }
        return read;
    }

    private Map<String, Object> named(Named named, Tree tree, String path) {
        Map<String, Object> read = new LinkedHashMap<>();
        given(tree, path, key -> {
            if (named.key().fits(key)) {
                return Optional.empty();
            }
            return Optional.of("is not " + named.key().what() + ": " + named.key().how());
        }).forEach((key, entry) -> read.put(key, read(named.value(), entry.value(), Names.beneath(path, key))));
        return read;
    }

    private Object fields(Fields fields, Tree tree, String path) {
        if (tree instanceof Scalar scalar && scalar.kind() != ScalarKind.NOTHING && fields.plain().isPresent()) {
            return record(fields, field -> field.equals(fields.plain().get()) ? read(field.shape(), tree, path) : absent(field, tree.at(), path));
        }
        if (!(tree instanceof Entries)) {
            String advice = fields.optional() ? "write {} or remove the key for its defaults" : "write " + String.join(", ", fields.keys()) + " beneath it, as far as needed";
            findings.problem(tree.at(), path, "is " + tree.noun() + ", not a mapping: " + advice);
            return standIn(fields);
        }
        Map<String, Entry> given = given(tree, path, key -> new UnknownKey(fields, key).problem());
        new KeyGroups(findings).check(fields, given, tree, path);
        return record(fields, field -> given.containsKey(field.key())
                ? read(field.shape(), given.get(field.key()).value(), Names.beneath(path, field.key()))
                : absent(field, tree.at(), path));
    }

    /** The keys of a mapping that are allowed, once each; the others are told as problems. */
    private Map<String, Entry> given(Tree tree, String path, KeyCheck check) {
        Map<String, Entry> given = new LinkedHashMap<>();
        if (!(tree instanceof Entries(List<Entry> entries, _, _))) {
            findings.problem(tree.at(), path, "is " + tree.noun() + ", not a mapping: write lines of NAME: VALUE beneath it");
            return given;
        }
        for (Entry entry : entries) {
            String key = entry.key().text();
            String beneath = Names.beneath(path, Shown.key(key));
            Optional<String> refusal = check.refusal(key);
            Entry first = given.get(key);
            if (refusal.isPresent()) {
                findings.problem(entry.key().at(), beneath, refusal.get());
            } else if (first != null) {
                findings.problem(entry.key().at(), beneath, "is given twice, first in line " + first.key().at().line() + ": keep one");
            } else {
                given.put(key, entry);
                findings.place(beneath, entry.key().at());
            }
        }
        return given;
    }

    private Object absent(Field field, At parent, String parentPath) {
        String path = Names.beneath(parentPath, field.key());
        Optional<Object> usual = usual(field);
        if (usual.isPresent()) {
            return usual.get();
        }
        if (field.shape() instanceof Fields fields) {
            return fields(fields, Entries.none(parent), path);
        }
        if (field.required()) {
            String needed = field.shape() instanceof Shape.Value(ValueType<?> type) ? type.needed() : field.doc();
            findings.problem(parent, path, "is missing; needed is " + needed);
        }
        return standIn(field.shape());
    }

    private static Optional<Object> usual(Field field) {
        return field.shape() instanceof Shape.Value(ValueType<?> type) ? field.usual().map(type::read) : Optional.empty();
    }

    /** Something of the right type, for what is absent or wrong. */
    private Object standIn(Shape shape) {
        return switch (shape) {
            case Shape.Value(ValueType<?> type) -> type.read(type.example());
            case Shape.Words _ -> new CommandLine(List.of("true"));
            case Shape.Maybe(_, boolean number) -> number ? OptionalInt.empty() : Optional.empty();
            case Shape.Many _ -> List.of();
            case Named _ -> Map.of();
            case Fields fields -> record(fields, field -> usual(field).orElseGet(() -> standIn(field.shape())));
        };
    }

    private static Object record(Fields fields, Function<Field, Object> argument) {
        try {
            return fields.constructor().newInstance(fields.fields().stream().map(argument).toArray());
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException("the record of " + fields.keys() + " refuses what its components allow", bug);
        }
    }

    /** Why a key may not stand in a mapping; empty when it may. */
    private interface KeyCheck {
        Optional<String> refusal(String key);
    }
}
