package dev.banyan.http.gateway.callers;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import java.nio.charset.StandardCharsets;

/** Where in a head something is shown. What is there twice could be read in two ways, so it never counts. */
final class Shown {
    static final byte[] AUTHORIZATION = ascii("authorization");
    static final int NOWHERE = -1;
    static final int SEVERAL = -2;

    private Shown() {}

    /** The only field of that name (in lower case), {@link #NOWHERE} or {@link #SEVERAL}. */
    static int field(Fields fields, byte[] lower) {
        int found = NOWHERE;
        for (int i = 0; i < fields.count(); i++) {
            if (Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(i), fields.nameEnd(i), lower)) {
                if (found != NOWHERE) {
                    return SEVERAL;
                }
                found = i;
            }
        }
        return found;
    }

    /**
     * Where in a field the credentials of a scheme begin (RFC 9110 section 11.4), or {@link #NOWHERE} when it is of another scheme.
     *
     * @param scheme in lower case
     */
    static int credentials(Fields fields, int field, byte[] scheme) {
        int from = fields.valueStart(field);
        int to = fields.valueEnd(field);
        int end = from + scheme.length;
        if (end > to || !Grammar.equalsIgnoreCase(fields.bytes(), from, end, scheme) || end < to && fields.bytes()[end] != ' ') {
            return NOWHERE;
        }
        while (end < to && fields.bytes()[end] == ' ') {
            end++;
        }
        return end;
    }

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
