package dev.banyan.topology.file;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.Shape.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        List<Change> changes = new ArrayList<>();
        compare(Shapes.SITE, Optional.of(before), Optional.of(after), "", Effect.LIVE, changes);
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

    private static void compare(Shape shape, Optional<?> was, Optional<?> is, String path, Effect effect, List<Change> changes) {
        switch (shape) {
            case Shape.Value _, Shape.Words _, Shape.Many _ -> {
                if (!was.equals(is)) {
                    changes.add(new Change(path, text(shape, was), text(shape, is), effect));
                }
            }
            case Shape.Maybe(Shape inner, _) -> compare(inner, was.flatMap(SiteDiff::present), is.flatMap(SiteDiff::present), path, effect, changes);
            case Shape.Named(_, Shape inner) -> keys(was, is).forEach(key ->
                    compare(inner, was.map(map -> ((Map<?, ?>) map).get(key)), is.map(map -> ((Map<?, ?>) map).get(key)), Names.beneath(path, key), effect, changes));
            case Fields fields -> fields.fields().forEach(field -> compare(
                    field.shape(), was.map(field::of), is.map(field::of), Names.beneath(path, field.key()), field.effect().orElse(effect), changes));
        }
    }

    private static SortedSet<String> keys(Optional<?> was, Optional<?> is) {
        SortedSet<String> keys = new TreeSet<>();
        Stream.of(was, is).flatMap(Optional::stream).forEach(map -> ((Map<?, ?>) map).keySet().forEach(key -> keys.add((String) key)));
        return keys;
    }

    private static String text(Shape shape, Optional<?> value) {
        return value.map(some -> text(shape, some)).orElse(Change.NONE);
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
