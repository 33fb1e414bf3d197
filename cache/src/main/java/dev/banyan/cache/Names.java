package dev.banyan.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names of tables and columns as SQL writes them, and as the catalogue has them (PostgreSQL's manual, 4.1.1). */
final class Names {
    private Names() {}

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** {@code Users} is users, {@code "Users"} is Users. */
    static String plain(String written) {
        return written.startsWith("\"") ? written.substring(1, written.length() - 1).replace("\"\"", "\"") : lower(written);
    }

    /** Only ASCII letters, as PostgreSQL does it in a multi-byte encoding. */
    private static String lower(String name) {
        StringBuilder lower = new StringBuilder(name);
        for (int i = 0; i < lower.length(); i++) {
            if (lower.charAt(i) < 128) {
                lower.setCharAt(i, String.valueOf(lower.charAt(i)).toLowerCase(Locale.ROOT).charAt(0));
            }
        }
        return lower.toString();
    }

    /** {@code SCHEMA.NAME} or {@code NAME} in its one or two plain parts. */
    static List<String> parts(String written) {
        List<String> parts = new ArrayList<>();
        boolean quotes = false;
        int from = 0;
        for (int i = 0; i <= written.length(); i++) {
            if (i == written.length() || written.charAt(i) == '.' && !quotes) {
                parts.add(plain(written.substring(from, i)));
                from = i + 1;
            } else if (written.charAt(i) == '"') {
                quotes = !quotes;
            }
        }
        return parts;
    }
}
