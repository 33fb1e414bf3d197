package dev.banyan.http.wire;

import static dev.banyan.http.wire.Grammar.CR;
import static dev.banyan.http.wire.Grammar.LF;
import static dev.banyan.http.wire.Grammar.SP;

/** A response's head, as positions in the bytes it came in; made once a loop, filled for each response. Owned by one IO loop. */
public final class ResponseHead {
    /** "HTTP/1.1 200" */
    private static final int STATUS_END = 12;

    private final Fields fields = new Fields();
    private final Framing framing = new Framing();
    private final ConnectionOptions connection = new ConnectionOptions();
    private byte[] bytes = new byte[0];
    private int start;
    private int status;
    private int minorVersion;
    private int fieldsStart;
    private boolean hopByHop;

    /** Reads a head from {@code source[from, to)}, which may be cut off anywhere. */
    public HeadVerdict read(byte[] source, int from, int to, int mostFields) {
        bytes = source;
        start = from;
        HeadVerdict verdict = readStatusLine(from, to);
        if (verdict != HeadVerdict.WHOLE) {
            return verdict;
        }
        verdict = fields.read(source, fieldsStart, to, mostFields);
        return verdict == HeadVerdict.WHOLE ? check() : verdict;
    }

    private HeadVerdict readStatusLine(int from, int to) {
        int there = Math.min(STATUS_END, to - from);
        for (int i = 0; i < there; i++) {
            if (!fits(i, bytes[from + i])) {
                return i < 8 ? HeadVerdict.BAD_VERSION : HeadVerdict.BAD_STATUS;
            }
        }
        int i = from + STATUS_END;
        if (i >= to) {
            return HeadVerdict.PARTIAL;
        }
        if (bytes[i] != SP && bytes[i] != CR) {
            return HeadVerdict.BAD_STATUS;
        }
        while (i < to && Grammar.value(bytes[i])) {
            i++;
        }
        if (i == to || bytes[i] == CR && i + 1 == to) {
            return HeadVerdict.PARTIAL;
        }
        if (bytes[i] != CR || bytes[i + 1] != LF) {
            return bytes[i] == LF ? HeadVerdict.BARE_LF : HeadVerdict.BARE_CR;
        }
        minorVersion = bytes[from + 7] - '0';
        status = (bytes[from + 9] - '0') * 100 + (bytes[from + 10] - '0') * 10 + bytes[from + 11] - '0';
        fieldsStart = i + 2;
        return HeadVerdict.WHOLE;
    }

    private static boolean fits(int i, byte b) {
        return switch (i) {
            case 7 -> b == '0' || b == '1';
            case 9 -> b >= '1' && b <= '5';
            case 10, 11 -> Grammar.digit(b);
            default -> b == "HTTP/1.1 200".charAt(i);
        };
    }

    private HeadVerdict check() {
        HeadVerdict verdict = connection.read(fields);
        if (!verdict.fault()) {
            verdict = framing.readOfResponse(fields, minorVersion);
        }
        hopByHop = false;
        for (int i = 0; i < fields.count(); i++) {
            hopByHop |= endsHere(i);
        }
        return verdict;
    }

    /** Whether a field is for this hop only, and so is not passed on (RFC 9110 section 7.6.1). */
    public boolean endsHere(int field) {
        return switch (fields.name(field)) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, UPGRADE, TE -> true;
            default -> connection.names(fields, field);
        };
    }

    /** Whether any field {@link #endsHere}. */
    public boolean hasHopByHop() {
        return hopByHop;
    }

    public Fields fields() {
        return fields;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    public int fieldsStart() {
        return fieldsStart;
    }

    /** The index just past the head. */
    public int end() {
        return fields.end();
    }

    public int status() {
        return status;
    }

    public int minorVersion() {
        return minorVersion;
    }

    public boolean interim() {
        return status < 200;
    }

    /** Whether it has no content, whatever its fields say (RFC 9112 section 6.3): that of a HEAD has none either. */
    public boolean bodiless() {
        return status == 204 || status == 304;
    }

    public long contentLength() {
        return framing.length();
    }

    public boolean chunked() {
        return framing.chunked();
    }

    /** Whether the server's connection can carry another request, as far as its head says. */
    public boolean keepsAlive() {
        return minorVersion == 1 ? !connection.close() : connection.keepAlive();
    }
}
