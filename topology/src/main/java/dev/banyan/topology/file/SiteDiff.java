package dev.banyan.topology.file;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.Shape.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The difference between two sites: empty exactly when they are equal. A list counts as one value, for the order of servers means something.
 *
 * @param changes in the order of the reference page
 */
public record SiteDiff(List<Change> changes) {
    public SiteDiff {
        changes = List.copyOf(changes);
    }

    public static SiteDiff between(Topology before, Topology after) {
        Map<String, Leaf> old = leaves(before);
        Map<String, Leaf> now = leaves(after);
        SequencedSet<String> paths = new LinkedHashSet<>(old.keySet());
        paths.addAll(now.keySet());
        List<Change> changes = new ArrayList<>();
        for (String path : paths) {
            Optional<Leaf> was = Optional.ofNullable(old.get(path));
            Optional<Leaf> is = Optional.ofNullable(now.get(path));
            if (!was.map(Leaf::value).equals(is.map(Leaf::value))) {
                changes.add(new Change(path, was.map(Leaf::text).orElse(Change.NONE), is.map(Leaf::text).orElse(Change.NONE), was.or(() -> is).orElseThrow().effect));
            }
        }
        return new SiteDiff(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The changes that reach the running site in that way. */
    public List<Change> by(Effect effect) {
        return changes.stream().filter(change -> change.effect() == effect).toList();
    }

    /** What applying all of it takes: the most that one of the changes takes; {@link Effect#LIVE} when there are none. */
    public Effect effect() {
        return changes.stream().map(Change::effect).max(Comparator.naturalOrder()).orElse(Effect.LIVE);
    }

    /** One change a line. */
    @Override
    public String toString() {
        return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
    }

    /** A value of a site, by its path. */
    private record Leaf(Object value, String text, Effect effect) {}

    private static Map<String, Leaf> leaves(Topology site) {
        Map<String, Leaf> leaves = new LinkedHashMap<>();
        walk(Shapes.SITE, site, "", Effect.LIVE, leaves);
        return leaves;
    }

    private static void walk(Shape shape, Object value, String path, Effect effect, Map<String, Leaf> leaves) {
        switch (shape) {
            case Shape.Value _, Shape.Words _, Shape.Many _ -> leaves.put(path, new Leaf(value, text(shape, value), effect));
            case Shape.Maybe(Shape inner, _) -> present(value).ifPresent(some -> walk(inner, some, path, effect, leaves));
            case Shape.Named(_, Shape inner) -> new TreeMap<>((Map<?, ?>) value).forEach((key, one) -> walk(inner, one, path + "." + key, effect, leaves));
            case Fields fields -> fields.fields().forEach(field ->
                    walk(field.shape(), field.of(value), Names.beneath(path, field.key()), field.effect().orElse(effect), leaves));
        }
    }

    private static Optional<?> present(Object optional) {
        if (optional instanceof OptionalInt number) {
            return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
        }
        return (Optional<?>) optional;
    }

    /** As the site file would write it on one line. */
    private static String text(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Value(ValueType<?> type) -> type.secret() ? Change.SECRET : type.written(value);
            case Shape.Words _ -> "[" + String.join(", ", ((CommandLine) value).words()) + "]";
            case Shape.Maybe(Shape inner, _) -> present(value).map(some -> text(inner, some)).orElse(Change.NONE);
            case Shape.Many(Shape item) -> ((List<?>) value).stream().map(one -> text(item, one)).collect(Collectors.joining(", ", "[", "]"));
            case Shape.Named(_, Shape inner) -> ((Map<?, ?>) value).entrySet().stream()
                    .map(one -> one.getKey() + ": " + text(inner, one.getValue())).sorted().collect(Collectors.joining(", ", "{", "}"));
            case Fields fields -> fields.fields().stream()
                    .map(field -> field.key() + ": " + text(field.shape(), field.of(value))).collect(Collectors.joining(", ", "{", "}"));
        };
    }
}
