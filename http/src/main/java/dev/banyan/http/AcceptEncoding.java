package dev.banyan.http;

import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.topology.Compression.Coding;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which coding of an answer a client likes best, by its {@code Accept-Encoding} (RFC 9110 section 12.5.3). What cannot be read there counts as
 * not said. Allocates nothing; safe for any thread.
 */
final class AcceptEncoding {
    private static final byte[] NAME = ascii("accept-encoding");
    private static final byte[] IDENTITY = ascii("identity");
    private static final byte[] ANY = ascii("*");
    private static final byte[] X_GZIP = ascii("x-gzip");
    private static final byte[][] CODINGS = {ascii("br"), ascii("zstd"), ascii("gzip")};
    private static final int UNSAID = -1;
    private static final int MOST = 1000;

    private AcceptEncoding() {}

    /**
     * The coding to use.
     *
     * @param offered what can be done, the one to use first where the client likes several equally
     * @return null for none: the client says nothing, prefers it so, or takes none of them
     */
    static Coding choose(Fields fields, List<Coding> offered) {
        Coding best = null;
        int bestWeight = 0;
        if (fields.find(NAME) < 0) {
            return null;
        }
        int any = weight(fields, ANY);
        for (int i = 0; i < offered.size(); i++) {
            Coding coding = offered.get(i);
            int weight = weight(fields, CODINGS[coding.ordinal()]);
            if (weight == UNSAID && coding == Coding.GZIP) {
                weight = weight(fields, X_GZIP);
            }
            weight = weight == UNSAID ? any : weight;
            if (weight > bestWeight) {
                best = coding;
                bestWeight = weight;
            }
        }
        return weight(fields, IDENTITY) > bestWeight ? null : best;
    }

    /** What a coding is worth to the client in thousandths, or {@link #UNSAID}; the first mention counts. */
    private static int weight(Fields fields, byte[] coding) {
        for (int i = 0; i < fields.count(); i++) {
            if (Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(i), fields.nameEnd(i), NAME)) {
                int weight = weight(fields.bytes(), fields.valueStart(i), fields.valueEnd(i), coding);
                if (weight != UNSAID) {
                    return weight;
                }
            }
        }
        return UNSAID;
    }

    private static int weight(byte[] bytes, int from, int to, byte[] coding) {
        int start = from;
        while (start < to) {
            int end = start;
            while (end < to && bytes[end] != ',') {
                end++;
            }
            int weight = element(bytes, start, end, coding);
            if (weight != UNSAID) {
                return weight;
            }
            start = end + 1;
        }
        return UNSAID;
    }

    /** The weight in {@code coding;q=0.5}, when it is of that coding. */
    private static int element(byte[] bytes, int from, int to, byte[] coding) {
        int start = skipBlanks(bytes, from, to);
        int end = start;
        while (end < to && Grammar.token(bytes[end])) {
            end++;
        }
        if (!Grammar.equalsIgnoreCase(bytes, start, end, coding)) {
            return UNSAID;
        }
        int next = skipBlanks(bytes, end, to);
        if (next == to) {
            return MOST;
        }
        next = bytes[next] == ';' ? skipBlanks(bytes, next + 1, to) : to;
        boolean weighted = next + 1 < to && (bytes[next] == 'q' || bytes[next] == 'Q') && bytes[next + 1] == '=';
        return weighted ? thousandths(bytes, next + 2, to) : UNSAID;
    }

    /** {@code 0}, {@code 0.123} or {@code 1.000}; at most three digits behind the point. */
    private static int thousandths(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && (bytes[end - 1] == Grammar.SP || bytes[end - 1] == Grammar.TAB)) {
            end--;
        }
        int length = end - from;
        boolean formed = length == 1 || length >= 2 && length <= 5 && bytes[from + 1] == '.';
        if (!formed || bytes[from] != '0' && bytes[from] != '1') {
            return UNSAID;
        }
        int value = (bytes[from] - '0') * MOST;
        int place = MOST / 10;
        for (int i = from + 2; i < end; i++, place /= 10) {
            if (!Grammar.digit(bytes[i])) {
                return UNSAID;
            }
            value += (bytes[i] - '0') * place;
        }
        return value <= MOST ? value : UNSAID;
    }

    private static int skipBlanks(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (bytes[i] == Grammar.SP || bytes[i] == Grammar.TAB)) {
            i++;
        }
        return i;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
