package dev.banyan.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes a setting's value as SQL, so that {@code SET name TO value} sets it again. */
final class SettingValue {
    /** Lists of names, each of which SET would put in quotes if they came as one string (GUC_LIST_QUOTE). */
    private static final Set<String> LISTS = Set.of("search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries", "unix_socket_directories", "shared_preload_libraries");

    private SettingValue() {}

    /** What set_config was given, as SET wants it; empty where it cannot be told. */
    static Optional<String> ofText(String name, String value) {
        if (!LISTS.contains(name) || value.isBlank()) {
            return Optional.of(quoted(value));
        }
        List<String> elements = new ArrayList<>();
        int at = 0;
        while (at <= value.length()) {
            int end = elementEnd(value, at);
            String element = value.substring(at, end).strip();
            if (element.isEmpty() || element.indexOf('"') > 0 && !element.startsWith("\"") || element.startsWith("\"") && (element.length() < 3 || !element.endsWith("\""))) {
                return Optional.empty();
            }
            elements.add(element.startsWith("\"") ? element : "\"" + element.toLowerCase(Locale.ROOT) + "\"");
            at = end + 1;
        }
        return Optional.of(String.join(", ", elements));
    }

    /** A string that means the same whatever standard_conforming_strings says. */
    static String quoted(String text) {
        String doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    private static int elementEnd(String value, int from) {
        boolean quoted = false;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return value.length();
    }
}
