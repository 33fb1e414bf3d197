package dev.banyan.telemetry;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** How an event becomes one line. Whatever a text holds, a line stays one line and no control character reaches a terminal. */
public enum LogFormat {
    /** One JSON object: {@code at}, {@code level}, {@code tier}, {@code message}, then the fields. */
    JSON {
        @Override
        void append(LogEvent event, StringBuilder line) {
            line.append("{\"at\":\"").append(event.at()).append("\",\"level\":\"").append(event.level()).append("\",\"tier\":");
            quote(event.tier(), line);
            line.append(",\"message\":");
            quote(event.message(), line);
            for (LogEvent.Field field : event.fields()) {
                line.append(',');
                quote(field.name(), line);
                line.append(':');
                value(field.value(), line);
            }
            line.append("}\n");
        }
    },
    /** For people: {@code 12:34:56.789 WARN  http      server ejected  server=web-2 failures=5}. */
    HUMAN {
        @Override
        void append(LogEvent event, StringBuilder line) {
            line.append(TIME.format(event.at())).append(' ');
            pad(event.level().name(), 6, line);
            pad(event.tier(), 10, line);
            printable(event.message(), line);
            String gap = "  ";
            for (LogEvent.Field field : event.fields()) {
                line.append(gap).append(field.name()).append('=');
                printable(field.value().toString(), line);
                gap = " ";
            }
            line.append('\n');
        }
    };

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    /** Appends the event's line with its line feed. */
    abstract void append(LogEvent event, StringBuilder line);

    private static void value(Object value, StringBuilder line) {
        if (value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            line.append(value);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            line.append(value);
        } else {
            quote(value.toString(), line);
        }
    }

    private static void quote(String text, StringBuilder line) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (Character.isISOControl(c) || Character.isSurrogate(c) && !paired(text, i)) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }

    private static boolean paired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static void printable(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(c == '\n' ? " | " : Character.isISOControl(c) ? " " : String.valueOf(c));
        }
    }

    private static void pad(String text, int width, StringBuilder line) {
        printable(text, line);
        line.append(" ".repeat(Math.max(1, width - text.length())));
    }
}
