package dev.banyan.telemetry;

/**
 * Whether a {@code tracestate} is one: then it goes on as it came, for Banyan has nothing of its own to put in. What is not one, and what comes
 * without a {@code traceparent}, is left out.
 *
 * @see <a href="https://www.w3.org/TR/trace-context-2/#tracestate-header">W3C Trace Context, section 3.3</a>
 */
public final class TraceState {
    /** More bytes than that need not be passed on (section 3.3.1.5), and are not. */
    public static final int LONGEST = 512;
    /** More members than that are malformed. */
    public static final int MOST_MEMBERS = 32;
    private static final int LONGEST_KEY = 256;
    private static final int LONGEST_VALUE = 256;

    private TraceState() {}

    /** How many members a field's value lists, empty ones not counted; -1 when it is malformed. Members of one name are not looked for. */
    public static int members(byte[] bytes, int from, int to) {
        int members = 0;
        int at = from;
        while (at <= to) {
            int end = at;
            while (end < to && bytes[end] != ',') {
                end++;
            }
            int first = at;
            int last = end;
            while (first < last && blank(bytes[first])) {
                first++;
            }
            while (last > first && blank(bytes[last - 1])) {
                last--;
            }
            if (first < last) {
                if (!member(bytes, first, last) || ++members > MOST_MEMBERS) {
                    return -1;
                }
            }
            at = end + 1;
        }
        return members;
    }

    private static boolean member(byte[] bytes, int from, int to) {
        int equals = from;
        while (equals < to && bytes[equals] != '=') {
            equals++;
        }
        int value = to - equals - 1;
        return equals > from && equals - from <= LONGEST_KEY && value >= 1 && value <= LONGEST_VALUE && key(bytes, from, equals) && value(bytes, equals + 1, to);
    }

    private static boolean key(byte[] bytes, int from, int to) {
        if (!letterOrDigit(bytes[from])) {
            return false;
        }
        int ats = 0;
        for (int i = from + 1; i < to; i++) {
            byte b = bytes[i];
            ats += b == '@' ? 1 : 0;
            if (!letterOrDigit(b) && b != '_' && b != '-' && b != '*' && b != '/' && b != '@') {
                return false;
            }
        }
        return ats <= 1;
    }

    private static boolean value(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b < ' ' || b > '~' || b == '=') {
                return false;
            }
        }
        return true;
    }

    private static boolean letterOrDigit(byte b) {
        return b >= 'a' && b <= 'z' || b >= '0' && b <= '9';
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }
}
