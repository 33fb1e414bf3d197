package dev.banyan.telemetry.logs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the automaton of a regular expression may become: RE2J writes out what is repeated a counted number of times, so that
 * {@code ((a{1000}){1000}){1000}} would never be made. Counted before it is; characters are at most one state each.
 */
final class ExpressionSize {
    private static final Pattern COUNT = Pattern.compile("\\{([0-9]{1,5})(?:,([0-9]{0,5}))?}");
    private static final long LARGE = 1_000_000;

    private ExpressionSize() {}

    /** In states, about; never less than what it becomes by far. */
    static long of(String expression) {
        Deque<Long> outer = new ArrayDeque<>();
        Matcher count = COUNT.matcher(expression);
        long size = 0;
        long last = 0;
        for (int i = 0; i < expression.length(); ) {
            char c = expression.charAt(i);
            if (c == '(') {
                outer.push(size);
                size = 0;
                i++;
            } else if (c == ')') {
                last = size + 1;
                size = last + (outer.isEmpty() ? 0 : outer.pop());
                i++;
            } else if (c == '{' && count.region(i, expression.length()).lookingAt()) {
                long times = Math.max(Integer.parseInt(count.group(1)), count.group(2) == null || count.group(2).isEmpty() ? 1 : Integer.parseInt(count.group(2)));
                size = Math.min(LARGE, size + last * (times - 1));
                last = Math.min(LARGE, last * times);
                i = count.end();
            } else {
                last = 1;
                size++;
                i = c == '\\' ? i + 2 : c == '[' ? afterClass(expression, i) : i + 1;
            }
        }
        return size + outer.stream().mapToLong(Long::longValue).sum();
    }

    private static int afterClass(String expression, int from) {
        int i = expression.startsWith("^", from + 1) ? from + 2 : from + 1;
        for (boolean first = true; i < expression.length() && (first || expression.charAt(i) != ']'); first = false) {
            int named = expression.startsWith("[:", i) ? expression.indexOf(":]", i) : -1;
            i = named > 0 ? named + 2 : expression.charAt(i) == '\\' ? i + 2 : i + 1;
        }
        return i + 1;
    }
}
