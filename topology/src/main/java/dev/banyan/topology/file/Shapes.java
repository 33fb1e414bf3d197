package dev.banyan.topology.file;

import dev.banyan.topology.Applied;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.Default;
import dev.banyan.topology.Doc;
import dev.banyan.topology.ExactlyOne;
import dev.banyan.topology.KeyedBy;
import dev.banyan.topology.Plain;
import dev.banyan.topology.Range;
import dev.banyan.topology.Removed;
import dev.banyan.topology.Together;
import dev.banyan.topology.Topology;
import dev.banyan.topology.Written;
import dev.banyan.topology.file.Shape.Fields;
import dev.banyan.topology.file.Shape.Tombstone;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes shapes from records: a component's Java type says what may be written, its annotations the rest. */
final class Shapes {
    /** The site file's. */
    static final Fields SITE = of(Topology.class);

    private Shapes() {}

    static Fields of(Class<?> record) {
        List<RecordComponent> components = List.of(record.getRecordComponents());
        List<Field> fields = components.stream().map(Shapes::field).toList();
        Optional<String> plain = components.stream().filter(c -> c.isAnnotationPresent(Plain.class)).map(c -> Names.kebab(c.getName())).findFirst();
        return new Fields(
                constructor(record, components),
                text(record.getAnnotation(Doc.class), Doc::value),
                fields,
                plain.flatMap(key -> fields.stream().filter(field -> field.key().equals(key)).findFirst()),
                list(record.getAnnotation(ExactlyOne.class), ExactlyOne::value),
                list(record.getAnnotation(Together.class), Together::value),
                Arrays.stream(record.getAnnotationsByType(Removed.class))
                        .collect(Collectors.toUnmodifiableMap(Removed::key, gone -> new Tombstone(gone.heir(), gone.since()))));
    }

    private static Field field(RecordComponent component) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        return new Field(
                Names.kebab(component.getName()),
                shape(component.getGenericType(), component),
                Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value),
                text(component.getAnnotation(Doc.class), Doc::value),
                Optional.ofNullable(component.getAnnotation(Applied.class)).map(Applied::value),
                accessor);
    }

    private static Shape shape(Type type, RecordComponent component) {
        if (type instanceof ParameterizedType generic) {
            Type[] inner = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                return new Shape.Maybe(shape(inner[0], component), false);
            }
            if (generic.getRawType() == List.class) {
                return new Shape.Many(shape(inner[0], component));
            }
            if (generic.getRawType() == Map.class && inner[0] == String.class) {
                Shape value = shape(inner[1], component);
                KeyedBy keys = component.getAnnotation(KeyedBy.class);
                return new Shape.Named(keys != null ? ValueTypes.ofKeys(keys.value()) : value instanceof Fields ? ValueTypes.NAME : ValueTypes.VARIABLE_NAME, value);
            }
        } else if (type == OptionalInt.class) {
            return new Shape.Maybe(shape(int.class, component), true);
        } else if (type == CommandLine.class) {
            return new Shape.Words();
        } else if (type instanceof Class<?> plain) {
            return single(plain, component);
        }
        throw new IllegalStateException("the site file cannot hold a " + type + " (" + component + ")");
    }

    private static Shape single(Class<?> type, RecordComponent component) {
        Optional<Written.Form> form = Optional.ofNullable(component.getAnnotation(Written.class)).map(Written::value);
        Range range = component.getAnnotation(Range.class);
        Optional<ValueType<?>> value = ValueTypes.of(type, form);
        if (value.isPresent()) {
            return new Shape.Value(range == null ? value.get() : value.get().within(range.from(), range.to()));
        }
        if (type.isRecord()) {
            return of(type);
        }
        throw new IllegalStateException("the site file cannot hold a " + type + " (" + component + ")");
    }

    private static Constructor<?> constructor(Class<?> record, List<RecordComponent> components) {
        try {
            Constructor<?> found = record.getDeclaredConstructor(components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new));
            found.setAccessible(true);
            return found;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(record + " is no record", impossible);
        }
    }

    private static <A extends Annotation> String text(A annotation, Function<A, String> value) {
        return annotation == null ? "" : value.apply(annotation);
    }

    private static <A extends Annotation> List<String> list(A annotation, Function<A, String[]> value) {
        return annotation == null ? List.of() : Arrays.stream(value.apply(annotation)).map(Names::kebab).toList();
    }
}
