package dev.banyan.topology.file;

import dev.banyan.topology.CommandLine;
import dev.banyan.topology.file.Shape.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Any value of a shape, with what a file would hold for it: plain maps, lists, texts and numbers. */
record RandomSite(Random random) {
    /** Of each type some texts that fit: drawn once, for most that are drawn do not. */
    private static final Map<ValueType<?>, List<String>> TEXTS = new ConcurrentHashMap<>();

    /**
     * A value and how it is written.
     *
     * @param written null when it is left out
     */
    record Sample(Object value, Object written) {}

    Sample any(Shape shape) {
        return switch (shape) {
            case Shape.Value(ValueType<?> type) -> value(type);
            case Shape.Words _ -> words();
            case Shape.Maybe(Shape inner, boolean number) -> random.nextBoolean() ? none(number) : some(inner, number);
            case Shape.Many(Shape item) -> many(item, random.nextInt(4));
            case Shape.Named named -> named(named);
            case Fields fields -> fields(fields);
        };
    }

    private Sample value(ValueType<?> type) {
        List<String> texts = TEXTS.computeIfAbsent(type, this::texts);
        String text = texts.get(random.nextInt(texts.size()));
        boolean asNumber = type.kinds().contains(ScalarKind.WHOLE) && ScalarKind.ofPlain(text) == ScalarKind.WHOLE && text.length() < 10 && !text.startsWith("0") && !text.startsWith("+");
        Object written = asNumber ? Integer.valueOf(text) : type.kinds().contains(ScalarKind.TRUTH) && !type.kinds().contains(ScalarKind.TEXT) ? Boolean.valueOf(text) : escaped(text);
        return new Sample(type.read(text), text.equals("0") && type.kinds().equals(Set.of(ScalarKind.WHOLE)) ? Integer.valueOf(0) : written);
    }

    private List<String> texts(ValueType<?> type) {
        return Stream.concat(Stream.of(type.example()), Stream.generate(() -> text(type)).limit(1000)).filter(type::fits).distinct().limit(40).toList();
    }

    private String text(ValueType<?> type) {
        if (!type.choices().isEmpty()) {
            return type.choices().get(random.nextInt(type.choices().size())).text();
        }
        List<Supplier<String>> kinds = List.of(
                () -> String.valueOf(random.nextInt(100_000)),
                () -> String.valueOf(random.nextInt(12)),
                () -> random.nextInt(2000) + List.of("ms", "s", "m", "h", "d", "B", "KiB", "MB", "%").get(random.nextInt(9)),
                () -> letters() + ":" + random.nextInt(65_536),
                () -> "http://" + letters() + ":" + random.nextInt(65_536),
                () -> "postgresql://" + letters() + ":" + letters() + "@" + letters() + "/" + letters(),
                () -> List.of("header ", "cookie ", "/", "", "true", "false").get(random.nextInt(6)) + letters(),
                () -> random.nextBoolean() ? "true" : "false",
                () -> "fd00::" + Integer.toHexString(random.nextInt(65_536)) + "/" + random.nextInt(129),
                this::wild);
        return kinds.get(random.nextInt(kinds.size())).get();
    }

    private String letters() {
        return random.ints(1 + random.nextInt(20), 'a', 'z' + 1).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    /** What may break a reader that is not careful: quotes, dollars, braces, spaces, other scripts. */
    private String wild() {
        String alphabet = "a \"'\\\n\t:#{}[]&*!|>%@`$~-?,\u00e9\u4e16\uD83C\uDF33";
        int[] points = alphabet.codePoints().toArray();
        return random.ints(random.nextInt(20), 0, points.length).map(i -> points[i]).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    private static String escaped(String text) {
        return text.replace("$", "$$");
    }

    private Sample words() {
        List<String> words = Stream.generate(() -> random.nextBoolean() ? wild() : letters()).limit(1 + random.nextInt(4)).toList();
        return new Sample(new CommandLine(words), words.stream().map(RandomSite::escaped).toList());
    }

    private static Sample none(boolean number) {
        return new Sample(number ? OptionalInt.empty() : Optional.empty(), null);
    }

    private Sample some(Shape inner, boolean number) {
        Sample sample = any(inner);
        return new Sample(number ? OptionalInt.of((Integer) sample.value) : Optional.of(sample.value), sample.written);
    }

    private Sample many(Shape item, int count) {
        List<Sample> items = Stream.generate(() -> any(item)).limit(count).toList();
        return new Sample(items.stream().map(Sample::value).toList(), items.stream().map(Sample::written).toList());
    }

    private Sample named(Shape.Named named) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Object> written = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Sample sample = any(named.value());
            String key = letters();
            values.put(key, sample.value);
            written.put(key, sample.written);
        }
        return new Sample(values, written);
    }

    private Sample fields(Fields fields) {
        List<Object> arguments = new ArrayList<>();
        Map<String, Object> written = new LinkedHashMap<>();
        String chosen = fields.exactlyOne().isEmpty() ? "" : fields.exactlyOne().get(random.nextInt(fields.exactlyOne().size()));
        boolean together = random.nextBoolean();
        for (Field field : fields.fields()) {
            Optional<Boolean> given = fields.exactlyOne().contains(field.key()) ? Optional.of(field.key().equals(chosen))
                    : fields.together().contains(field.key()) ? Optional.of(together) : Optional.empty();
            Sample sample = given.map(there -> given(field.shape(), there)).orElseGet(() -> any(field.shape()));
            arguments.add(sample.value);
            if (sample.written != null) {
                written.put(field.key(), sample.written);
            }
        }
        try {
            return new Sample(fields.constructor().newInstance(arguments.toArray()), written);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private Sample given(Shape shape, boolean there) {
        return switch (shape) {
            case Shape.Maybe(Shape inner, boolean number) -> there ? some(inner, number) : none(number);
            case Shape.Many(Shape item) -> there ? many(item, 1 + random.nextInt(3)) : new Sample(List.of(), null);
            case Shape.Value _, Shape.Words _, Shape.Named _, Fields _ -> any(shape);
        };
    }
}
