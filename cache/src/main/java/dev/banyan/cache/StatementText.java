package dev.banyan.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * A declared statement, whose parameters are {@code $1}, {@code $2}, as JDBC writes it: with {@code ?}. What stands in strings, quoted names
 * and comments is left as it is (PostgreSQL's manual, 4.1).
 *
 * @param parameters for each {@code ?} which of the declared parameters it is, from 1
 */
record StatementText(String jdbc, List<Integer> parameters) {
    StatementText {
        parameters = List.copyOf(parameters);
    }

    static StatementText of(String declared) {
        return new Scan(declared).statement();
    }

    /** How many parameters there are: the highest number. */
    int count() {
        return parameters.stream().mapToInt(i -> i).max().orElse(0);
    }

    /** The pass over a text. Used once. */
    private static final class Scan {
        private final String text;
        private final StringBuilder jdbc = new StringBuilder();
        private final List<Integer> parameters = new ArrayList<>();
        private int at;

        Scan(String text) {
            this.text = text.strip().replaceAll(";\\s*$", "");
        }

        StatementText statement() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '\'') {
                    string(at > 0 && (text.charAt(at - 1) == 'E' || text.charAt(at - 1) == 'e') && !word(at - 2));
                } else if (c == '"') {
                    copyTo(after("\"", at + 1));
                } else if (text.startsWith("--", at)) {
                    copyTo(after("\n", at));
                } else if (text.startsWith("/*", at)) {
                    comment();
                } else if (c == '$' && !word(at - 1)) {
                    dollar();
                } else {
                    jdbc.append(c == '?' ? "??" : String.valueOf(c)); // pgjdbc's way to write the operator
                    at++;
                }
            }
            return new StatementText(jdbc.toString(), parameters);
        }

        private void string(boolean escapes) {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != '\'') {
                end += escapes && text.charAt(end) == '\\' ? 2 : 1;
            }
            copyTo(end + 1);
        }

        private void comment() {
            int depth = 1;
            int end = at + 2;
            while (end < text.length() && depth > 0) {
                boolean opens = text.startsWith("/*", end);
                boolean closes = text.startsWith("*/", end);
                depth += opens ? 1 : closes ? -1 : 0;
                end += opens || closes ? 2 : 1;
            }
            copyTo(end);
        }

        private void dollar() {
            int end = at + 1;
            while (end < text.length() && Character.isDigit(text.charAt(end))) {
                end++;
            }
            if (end > at + 1) {
                parameters.add(Integer.parseInt(text.substring(at + 1, Math.min(end, at + 6))));
                jdbc.append('?');
                at = end;
                return;
            }
            while (word(end)) {
                end++;
            }
            boolean quotes = end < text.length() && text.charAt(end) == '$';
            copyTo(quotes ? after(text.substring(at, end + 1), end + 1) : end);
        }

        private boolean word(int place) {
            return place >= 0 && place < text.length() && (Character.isLetterOrDigit(text.charAt(place)) || text.charAt(place) == '_' || text.charAt(place) > 127);
        }

        private int after(String end, int from) {
            int found = text.indexOf(end, from);
            return found < 0 ? text.length() : found + end.length();
        }

        private void copyTo(int end) {
            int stop = Math.min(end, text.length());
            jdbc.append(text, at, stop);
            at = stop;
        }
    }
}
