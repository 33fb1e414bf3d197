package dev.banyan.postgres.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the start-up parameter {@code options} apart: {@code -c name=value}, {@code -cname=value} and {@code --name=value}, words divided by
 * blanks, a backslash before what shall not divide (PostgreSQL's pg_split_opts and process_postgres_switches). Other switches of a server
 * process cannot be carried from one connection to another, so they are refused.
 */
final class StartupOptions {
    private StartupOptions() {}

    /** Settings with names in lower case; of several with one name the last counts. The map is the caller's. */
    static Map<String, String> read(String options) throws Refused {
        Map<String, String> settings = new HashMap<>();
        Iterator<String> words = words(options).iterator();
        while (words.hasNext()) {
            String word = words.next();
            String setting = "";
            if (word.equals("-c") && words.hasNext()) {
                setting = words.next();
            } else if (word.startsWith("-c") || word.startsWith("--")) {
                setting = word.substring(2);
            }
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new Refused(Refusal.BAD_OPTIONS.fatal(word));
            }
            settings.put(setting.substring(0, equals).replace('-', '_').toLowerCase(Locale.ROOT), setting.substring(equals + 1));
        }
        return settings;
    }

    private static List<String> words(String options) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        for (int i = 0; i < options.length(); i++) {
            char c = options.charAt(i);
            if (blank(c)) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c != '\\') {
                word.append(c);
            } else if (i + 1 < options.length()) {
                word.append(options.charAt(++i));
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    /** C's isspace. */
    private static boolean blank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
