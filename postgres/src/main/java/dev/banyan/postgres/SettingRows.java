package dev.banyan.postgres;

import dev.banyan.topology.Durations;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The settings of a part of the site file, as rows of key and value. Secrets show themselves as {@code ***}. */
final class SettingRows {
    private SettingRows() {}

    /** @param prefix as {@code database.router} */
    static List<List<String>> of(String prefix, Record settings) {
        List<List<String>> rows = new ArrayList<>();
        addParts(rows, prefix, settings);
        return rows;
    }

    private static void addParts(List<List<String>> rows, String key, Record part) {
        for (RecordComponent each : part.getClass().getRecordComponents()) {
            add(rows, key + "." + kebab(each.getName()), read(part, each));
        }
    }

    private static void add(List<List<String>> rows, String key, Object value) {
        switch (value) {
            case Optional<?> optional -> add(rows, key, optional.isPresent() ? optional.get() : "");
            case Record part when part.getClass().isMemberClass() -> addParts(rows, key, part);
            case Duration duration -> rows.add(List.of(key, Durations.format(duration)));
            case Enum<?> choice -> rows.add(List.of(key, choice.name().toLowerCase(Locale.ROOT).replace('_', '-')));
            default -> rows.add(List.of(key, value.toString()));
        }
    }

    private static Object read(Record part, RecordComponent component) {
        try {
            return component.getAccessor().invoke(part);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a settings record is public: " + part.getClass(), e);
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
