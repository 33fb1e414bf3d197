package dev.banyan.http.gateway;

import com.google.re2j.Pattern;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.topology.Route.FieldMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request's header, query parameter or cookie must be. Of several of one name one that fits is enough. Immutable.
 *
 * <p>Expressions are RE2's, linear in the length of the value; a longer one than {@value #LONGEST} bytes fits none.
 */
final class FieldCondition {
    static final int LONGEST = 4096;

    private final String text;
    private final byte[] name;
    private final byte[] lowerName;
    private final Optional<byte[]> equals;
    private final Optional<Pattern> matches;

    private FieldCondition(FieldMatch match) {
        text = match.name() + match.equals().map(value -> " = '" + value + "'").orElse("") + match.matches().map(regex -> " ~ '" + regex + "'").orElse("");
        name = match.name().getBytes(StandardCharsets.UTF_8);
        lowerName = HeadBuffer.ascii(match.name().toLowerCase(Locale.ROOT));
        equals = match.equals().map(value -> value.getBytes(StandardCharsets.UTF_8));
        matches = match.matches().map(Pattern::compile);
    }

    static FieldCondition of(FieldMatch match) {
        return new FieldCondition(match);
    }

    /** Whether a header field fits. */
    boolean header(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            if (isNamed(fields, i) && value(fields.bytes(), fields.valueStart(i), fields.valueEnd(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isNamed(Fields fields, int field) {
        return Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(field), fields.nameEnd(field), lowerName);
    }

    private boolean value(byte[] bytes, int from, int to) {
        if (equals.isPresent() && !Arrays.equals(bytes, from, to, equals.get(), 0, equals.get().length)) {
            return false;
        }
        return matches.isEmpty() || to - from <= LONGEST && matches.get().matches(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    /** Whether a parameter of {@code query[from, to)} fits, names and values decoded. */
    boolean parameter(byte[] query, int from, int to) {
        for (int start = from; start < to; ) {
            int end = index(query, '&', start, to);
            int equal = index(query, '=', start, end);
            if (Percent.decodesTo(query, start, equal, name) && parameterValue(query, Math.min(equal + 1, end), end)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private boolean parameterValue(byte[] query, int from, int to) {
        if (equals.isPresent() && !Percent.decodesTo(query, from, to, equals.get())) {
            return false;
        }
        return matches.isEmpty() || to - from <= LONGEST && matches.get().matches(Percent.query(query, from, to));
    }

    /** Whether a cookie fits (RFC 6265). */
    boolean cookie(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.COOKIE && cookieIn(fields.bytes(), fields.valueStart(i), fields.valueEnd(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean cookieIn(byte[] bytes, int from, int to) {
        for (int start = from; start < to; ) {
            int end = index(bytes, ';', start, to);
            int equal = index(bytes, '=', start, end);
            if (Arrays.equals(bytes, start, equal, name, 0, name.length) && value(bytes, Math.min(equal + 1, end), end)) {
                return true;
            }
            start = end + 1;
            while (start < to && bytes[start] == ' ') {
                start++;
            }
        }
        return false;
    }

    private static int index(byte[] bytes, char of, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != of) {
            i++;
        }
        return i;
    }

    /** As a sentence names it: {@code X-Beta = '1'}. */
    @Override
    public String toString() {
        return text;
    }
}
