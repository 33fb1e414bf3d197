package dev.banyan.http.cache;

import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.Lists;
import java.nio.charset.StandardCharsets;

/**
 * The value that a request has for one name of {@code Vary}, in a form in which values that mean the same are the same (RFC 9111 section 4.1): all lines as
 * one list, no blanks around its members; of {@code Accept-Encoding} the codings that are taken, whatever their weights, and of {@code Accept-Language}
 * languages with their weights, both in lower case and in an order of their own. Reused. Owned by one IO loop.
 *
 * <p>Nothing is left out of {@code Accept-Encoding} that an origin could answer with, so a client never gets a coding that it did not ask for.
 */
final class SelectingValue {
    /** What stands for a field that is not there; a field that is there and empty is {@link #EMPTY}. */
    static final String ABSENT = "";
    private static final String EMPTY = " ";
    private static final int MOST_SORTED = 32;

    private final HeadBuffer lines = new HeadBuffer();
    private final HeadBuffer value = new HeadBuffer();
    private final int[] starts = new int[MOST_SORTED];
    private final int[] ends = new int[MOST_SORTED];
    private final int[] weights = new int[MOST_SORTED];
    private int count;

    /** Becomes the value of a request's field of this name, in lower case. */
    SelectingValue read(Fields request, String name) {
        lines.clear();
        value.clear();
        boolean found = false;
        for (int i = 0; i < request.count(); i++) {
            if (RequestRules.named(request, i, name)) {
                if (found) {
                    lines.put(',');
                }
                found = true;
                lines.put(request.bytes(), request.valueStart(i), request.valueEnd(i));
            }
        }
        if (found) {
            boolean sorted = switch (name) {
                case "accept-encoding" -> codings();
                case "accept-language" -> languages();
                default -> false;
            };
            if (!sorted) {
                tightened();
            }
            if (value.length() == 0) {
                value.text(EMPTY);
            }
        }
        return this;
    }

    /** The lines without the blanks around their commas; those within quotes stay. */
    private void tightened() {
        byte[] bytes = lines.bytes();
        int to = lines.length();
        value.clear();
        for (int at = 0; at < to; ) {
            int end = at;
            boolean quoted = false;
            while (end < to && (quoted || bytes[end] != ',')) {
                quoted ^= bytes[end] == '"' && (end == 0 || bytes[end - 1] != '\\');
                end++;
            }
            int start = Lists.trimStart(bytes, at, end);
            value.put(bytes, start, Lists.trimEnd(bytes, start, end));
            if (end < to) {
                value.put(',');
            }
            at = end + 1;
        }
    }

    private boolean codings() {
        if (!members()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            boolean refusal = weights[i] == 0;
            if (refusal && !isOneOf(i, "identity", "*")) {
                remove(i--);
            }
        }
        sort(false);
        for (int i = 0; i < count; i++) {
            boolean again = i > 0 && compare(i - 1, i) == 0;
            if (!again) {
                put(i);
                if (weights[i] == 0) {
                    value.text(";q=0");
                }
            }
        }
        return true;
    }

    private boolean languages() {
        if (!members()) {
            return false;
        }
        sort(true);
        for (int i = 0; i < count; i++) {
            put(i);
            if (weights[i] != 1000) {
                value.text(";q=").decimal(weights[i]);
            }
        }
        return true;
    }

    private void put(int member) {
        if (value.length() > 0) {
            value.put(',');
        }
        value.put(lines.bytes(), starts[member], ends[member]);
    }

    /** Takes the list apart, in lower case; false when it has too many members or parameters other than a weight. */
    private boolean members() {
        byte[] bytes = lines.bytes();
        int to = lines.length();
        count = 0;
        for (int i = 0; i < to; i++) {
            bytes[i] = Grammar.lower(bytes[i]);
        }
        for (int at = 0; at < to; ) {
            int comma = Lists.comma(bytes, at, to);
            int start = Lists.trimStart(bytes, at, comma);
            int end = Lists.trimEnd(bytes, start, comma);
            at = comma + 1;
            if (start < end && (count == MOST_SORTED || !member(bytes, start, end))) {
                return false;
            }
        }
        return true;
    }

    private boolean member(byte[] bytes, int from, int to) {
        int semicolon = from;
        while (semicolon < to && bytes[semicolon] != ';') {
            semicolon++;
        }
        starts[count] = from;
        ends[count] = Lists.trimEnd(bytes, from, semicolon);
        int parameter = Lists.trimStart(bytes, Math.min(semicolon + 1, to), to);
        weights[count] = semicolon == to ? 1000 : weight(bytes, parameter, to);
        return weights[count++] >= 0;
    }

    /** {@code q=0.7} in thousandths, or -1 (RFC 9110 section 12.4.2). */
    private static int weight(byte[] bytes, int from, int to) {
        if (to - from < 3 || to - from > 7 || bytes[from] != 'q' || bytes[from + 1] != '=' || to - from > 3 && bytes[from + 3] != '.') {
            return -1;
        }
        int thousandths = 0;
        for (int digit = 0, i = from + 2; digit < 4; digit++, i += digit == 1 ? 2 : 1) {
            byte b = i < to ? bytes[i] : (byte) '0';
            if (!Grammar.digit(b)) {
                return -1;
            }
            thousandths = thousandths * 10 + b - '0';
        }
        return thousandths > 1000 ? -1 : thousandths;
    }

    private boolean isOneOf(int member, String one, String other) {
        return spells(member, one) || spells(member, other);
    }

    private boolean spells(int member, String text) {
        if (ends[member] - starts[member] != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (lines.bytes()[starts[member] + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void remove(int member) {
        count--;
        for (int i = member; i < count; i++) {
            starts[i] = starts[i + 1];
            ends[i] = ends[i + 1];
            weights[i] = weights[i + 1];
        }
    }

    /** By insertion: the lists are short. */
    private void sort(boolean byWeight) {
        for (int i = 1; i < count; i++) {
            for (int j = i; j > 0 && (byWeight && weights[j - 1] != weights[j] ? weights[j - 1] < weights[j] : compare(j - 1, j) > 0); j--) {
                swap(starts, j);
                swap(ends, j);
                swap(weights, j);
            }
        }
    }

    private static void swap(int[] array, int j) {
        int before = array[j - 1];
        array[j - 1] = array[j];
        array[j] = before;
    }

    private int compare(int a, int b) {
        return java.util.Arrays.compare(lines.bytes(), starts[a], ends[a], lines.bytes(), starts[b], ends[b]);
    }

    /** Whether it is the value that was {@link #toString} then. */
    boolean is(String text) {
        if (value.length() != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if ((value.bytes()[i] & 0xff) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value.length() == 0 ? ABSENT : new String(value.bytes(), 0, value.length(), StandardCharsets.ISO_8859_1);
    }
}
