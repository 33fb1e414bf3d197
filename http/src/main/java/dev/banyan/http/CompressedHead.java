package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.topology.Compression.Coding;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes an answer's head anew for its compressed form: its own coding, no length, {@code Vary}, and a weak entity tag, for what is
 * compressed anew each time is not the same byte by byte (RFC 9110 section 8.8.3.3). Reused. Owned by one IO loop.
 */
final class CompressedHead {
    private static final byte[] VERSION = ascii("HTTP/1.1");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] VARY = ascii("Vary: Accept-Encoding\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] WEAK = ascii("W/");
    private static final byte[] ETAG_NAME = ascii("etag");
    private static final byte[] VARY_NAME = ascii("vary");
    private static final byte[] ACCEPT_ENCODING = ascii("accept-encoding");
    private static final byte[][] CODING_LINES = {ascii("Content-Encoding: br\r\n"), ascii("Content-Encoding: zstd\r\n"), ascii("Content-Encoding: gzip\r\n")};
    /** What is no longer true of the compressed form: digests of the content, and that parts of it can be had. */
    private static final byte[][] UNTRUE = {ascii("content-md5"), ascii("digest"), ascii("content-digest"), ascii("repr-digest"), ascii("accept-ranges")};

    private final HeadBuffer out = new HeadBuffer();
    private final ResponseHead head = new ResponseHead();

    /**
     * Writes it; then {@link #bytes()} holds it and {@link #head()} has read it.
     *
     * @param coding the coding, or null for an answer that goes as it is to this client and otherwise to others
     * @param weaken whether a strong entity tag becomes weak
     */
    void write(ResponseHead from, Coding coding, boolean weaken) {
        Fields fields = from.fields();
        out.clear().put(VERSION).put(from.bytes(), from.start() + VERSION.length, from.fieldsStart());
        for (int i = 0; i < fields.count(); i++) {
            if (coding == null || stays(fields, i)) {
                out.put(fields.bytes(), fields.nameStart(i), fields.nameEnd(i)).put(':').put(' ');
                if (weaken && isStrongTag(fields, i)) {
                    out.put(WEAK);
                }
                out.put(fields.bytes(), fields.valueStart(i), fields.valueEnd(i)).put(CRLF);
            }
        }
        if (coding != null) {
            out.put(CODING_LINES[coding.ordinal()]).put(CHUNKED);
        }
        if (!varies(fields)) {
            out.put(VARY);
        }
        out.put(CRLF);
        HeadVerdict verdict = head.read(out.bytes(), 0, out.length(), Integer.MAX_VALUE);
        if (verdict != HeadVerdict.WHOLE) {
            throw new IllegalStateException("a head that was whole is " + verdict + " when compressed");
        }
    }

    private static boolean stays(Fields fields, int i) {
        FieldName name = fields.name(i);
        if (name == FieldName.CONTENT_LENGTH || name == FieldName.TRANSFER_ENCODING) {
            return false;
        }
        for (byte[] untrue : UNTRUE) {
            if (Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(i), fields.nameEnd(i), untrue)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isStrongTag(Fields fields, int i) {
        return Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(i), fields.nameEnd(i), ETAG_NAME)
                && fields.valueEnd(i) > fields.valueStart(i) && fields.bytes()[fields.valueStart(i)] == '"';
    }

    /** Whether {@code Vary} names Accept-Encoding, or everything. */
    private static boolean varies(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            if (Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(i), fields.nameEnd(i), VARY_NAME)) {
                for (String name : fields.value(i).toLowerCase(Locale.ROOT).split(",")) {
                    if (name.strip().equals("*") || name.strip().equals(new String(ACCEPT_ENCODING, StandardCharsets.US_ASCII))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    ResponseHead head() {
        return head;
    }

    HeadBuffer bytes() {
        return out;
    }
}
