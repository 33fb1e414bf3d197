package dev.banyan.telemetry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Something worth a line.
 *
 * @param tier where it happened: {@code http}, {@code control}, {@code engines}, a library's name
 * @param message a sentence without its figures, so that equal events read equal
 * @param fields the figures
 */
public record LogEvent(Instant at, Level level, String tier, String message, List<Field> fields) {
    public LogEvent {
        fields = List.copyOf(fields);
    }

    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** A figure or a name. Numbers and booleans stay such in JSON; all else is its text. */
    public record Field(String name, Object value) {}

    static List<Field> fields(Object... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("fields come as names and values in turn, not " + namesAndValues.length + " objects");
        }
        List<Field> fields = new ArrayList<>(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i].toString(), namesAndValues[i + 1] == null ? "" : namesAndValues[i + 1]));
        }
        return fields;
    }
}
