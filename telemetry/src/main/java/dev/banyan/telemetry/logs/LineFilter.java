package dev.banyan.telemetry.logs;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.nio.charset.StandardCharsets;

/** Which lines are meant. A text is found by its bytes; ASCII letters match in either case. An expression is RE2's, in time linear in the line. */
sealed interface LineFilter {
    /** Where in {@code [from, to)} the first match of a line's part begins, or -1. */
    int find(byte[] bytes, int from, int to);

    /** Whether it must be asked line by line. */
    boolean byLine();

    static LineFilter of(LogQuestion question) {
        return question.expression() ? Expression.of(question.text()) : Text.of(question.text());
    }

    /** @param lower in lower case; empty matches everywhere */
    record Text(byte[] lower, byte[] upper) implements LineFilter {
        static Text of(String text) {
            byte[] lower = text.getBytes(StandardCharsets.UTF_8);
            byte[] upper = lower.clone();
            for (int i = 0; i < lower.length; i++) {
                lower[i] = lower[i] >= 'A' && lower[i] <= 'Z' ? (byte) (lower[i] + 32) : lower[i];
                upper[i] = lower[i] >= 'a' && lower[i] <= 'z' ? (byte) (lower[i] - 32) : lower[i];
            }
            return new Text(lower, upper);
        }

        @Override
        public boolean byLine() {
            return lower.length == 0;
        }

        @Override
        public int find(byte[] bytes, int from, int to) {
            if (lower.length == 0) {
                return from;
            }
            byte first = lower[0];
            byte other = upper[0];
            for (int i = from, last = to - lower.length; i <= last; i++) {
                if ((bytes[i] == first || bytes[i] == other) && matches(bytes, i)) {
                    return i;
                }
            }
            return -1;
        }

        private boolean matches(byte[] bytes, int at) {
            for (int i = 1; i < lower.length; i++) {
                if (bytes[at + i] != lower[i] && bytes[at + i] != upper[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Upper and lower case alike. */
    record Expression(Pattern pattern) implements LineFilter {
        /** Of a longer line only so much is looked at: what it costs is the line's length times the expression's. */
        private static final int LOOKED_AT = 4_096;

        private static final int MOST_STATES = 2_000;

        static Expression of(String text) {
            if (text.contains("\\Q") || ExpressionSize.of(text) > MOST_STATES) {
                throw new BanyanException(ErrorCode.USAGE, "the regular expression is too large: what it repeats comes to more than " + MOST_STATES + " characters, or it quotes with \\Q; make it simpler");
            }
            try {
                return new Expression(Pattern.compile(text, Pattern.CASE_INSENSITIVE));
            } catch (PatternSyntaxException e) {
                throw new BanyanException(ErrorCode.USAGE, "'" + text + "' is no regular expression as RE2 has them: " + e.getDescription(), e);
            }
        }

        @Override
        public boolean byLine() {
            return true;
        }

        @Override
        public int find(byte[] bytes, int from, int to) {
            return pattern.matcher(new String(bytes, from, Math.min(to - from, LOOKED_AT), StandardCharsets.UTF_8)).find() ? from : -1;
        }
    }
}
