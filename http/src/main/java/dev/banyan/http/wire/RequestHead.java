package dev.banyan.http.wire;

import static dev.banyan.http.wire.Grammar.CR;
import static dev.banyan.http.wire.Grammar.LF;
import static dev.banyan.http.wire.Grammar.SP;

import java.nio.charset.StandardCharsets;

/**
 * A request's head, as positions in the bytes it came in; made once a loop, filled for each request. Owned by one IO loop.
 *
 * <p>Strict by RFC 9112: whatever two programs could read in two ways is a fault.
 */
public final class RequestHead {
    private static final byte[] HTTP = "http://".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);
    /** "HTTP/1.1" and its CRLF. */
    private static final int VERSION_LENGTH = 8;
    private static final int LEADING_EMPTY_LINES = 2;

    private final Fields fields = new Fields();
    private final Framing framing = new Framing();
    private final ConnectionOptions connection = new ConnectionOptions();
    private byte[] bytes = new byte[0];
    private Method method = Method.OTHER;
    private int start;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int pathStart;
    private int hostStart;
    private int hostEnd;
    private int minorVersion;
    private int upgrade;
    private boolean expects;

    /**
     * Reads a head from {@code source[from, to)}, which may be cut off anywhere.
     *
     * @param mostFields how many header fields there may be
     */
    public HeadVerdict read(byte[] source, int from, int to, int mostFields) {
        bytes = source;
        int at = skipEmptyLines(from, to);
        start = at;
        HeadVerdict verdict = readStartLine(at, to);
        if (verdict != HeadVerdict.WHOLE) {
            return verdict;
        }
        verdict = fields.read(source, targetEnd + 1 + VERSION_LENGTH + 2, to, mostFields);
        return verdict == HeadVerdict.WHOLE ? check() : verdict;
    }

    /** RFC 9112 section 2.2: a server should ignore at least one empty line before the request line. */
    private int skipEmptyLines(int from, int to) {
        int at = from;
        for (int i = 0; i < LEADING_EMPTY_LINES && at + 1 < to && bytes[at] == CR && bytes[at + 1] == LF; i++) {
            at += 2;
        }
        return at;
    }

    private HeadVerdict readStartLine(int from, int to) {
        int i = from;
        while (i < to && Grammar.token(bytes[i])) {
            i++;
        }
        if (i - from > Method.LONGEST) {
            return HeadVerdict.BAD_METHOD;
        }
        if (i == to) {
            return HeadVerdict.PARTIAL;
        }
        if (i == from && bytes[i] == CR) {
            return i + 1 < to && bytes[i + 1] != LF || i + 2 < to ? HeadVerdict.BAD_START_LINE : HeadVerdict.PARTIAL;
        }
        if (i == from || bytes[i] != SP) {
            return HeadVerdict.BAD_START_LINE;
        }
        methodEnd = i;
        targetStart = ++i;
        while (i < to && Grammar.target(bytes[i])) {
            i++;
        }
        if (i == to) {
            return HeadVerdict.PARTIAL;
        }
        if (i == targetStart || bytes[i] != SP) {
            return bytes[i] == LF ? HeadVerdict.BARE_LF : HeadVerdict.BAD_TARGET;
        }
        targetEnd = i;
        return readVersion(i + 1, to);
    }

    private HeadVerdict readVersion(int from, int to) {
        int there = Math.min(VERSION_LENGTH, to - from);
        for (int i = 0; i < there; i++) {
            byte b = bytes[from + i];
            boolean fits = i == 5 || i == 7 ? Grammar.digit(b) : b == "HTTP/1.1".charAt(i);
            if (!fits) {
                return HeadVerdict.BAD_VERSION;
            }
        }
        if (there >= 6 && bytes[from + 5] != '1') {
            return HeadVerdict.UNKNOWN_VERSION;
        }
        if (there == VERSION_LENGTH && bytes[from + 7] > '1') {
            return HeadVerdict.UNKNOWN_VERSION;
        }
        int end = from + VERSION_LENGTH;
        if (end < to && bytes[end] != CR) {
            return bytes[end] == LF ? HeadVerdict.BARE_LF : HeadVerdict.BAD_VERSION;
        }
        if (end + 1 < to && bytes[end + 1] != LF) {
            return HeadVerdict.BARE_CR;
        }
        if (end + 2 > to) {
            return HeadVerdict.PARTIAL;
        }
        minorVersion = bytes[from + 7] - '0';
        return HeadVerdict.WHOLE;
    }

    private HeadVerdict check() {
        method = Method.of(bytes, start, methodEnd);
        if (method == Method.CONNECT || method == Method.TRACE) {
            return HeadVerdict.METHOD_NOT_SERVED;
        }
        HeadVerdict verdict = connection.read(fields);
        if (!verdict.fault()) {
            verdict = framing.read(fields, minorVersion);
        }
        if (!verdict.fault()) {
            verdict = checkHost();
        }
        if (!verdict.fault()) {
            verdict = checkTarget();
        }
        return verdict.fault() ? verdict : checkOffers();
    }

    private HeadVerdict checkHost() {
        hostStart = -1;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) != FieldName.HOST) {
                continue;
            }
            if (hostStart >= 0) {
                return HeadVerdict.SEVERAL_HOSTS;
            }
            hostStart = fields.valueStart(i);
            hostEnd = fields.valueEnd(i);
        }
        if (hostStart < 0) {
            hostEnd = -1;
            return minorVersion == 0 ? HeadVerdict.WHOLE : HeadVerdict.NO_HOST;
        }
        return Authority.valid(bytes, hostStart, hostEnd) ? HeadVerdict.WHOLE : HeadVerdict.BAD_HOST;
    }

    /** Origin form, {@code *} for OPTIONS, or absolute form, whose authority must be the one that Host names (RFC 9112 section 3.2). */
    private HeadVerdict checkTarget() {
        pathStart = targetStart;
        if (bytes[targetStart] == '/') {
            return HeadVerdict.WHOLE;
        }
        if (bytes[targetStart] == '*') {
            return targetEnd == targetStart + 1 && method == Method.OPTIONS ? HeadVerdict.WHOLE : HeadVerdict.BAD_TARGET;
        }
        int authority = afterScheme();
        if (authority < 0) {
            return HeadVerdict.BAD_TARGET;
        }
        int end = authority;
        while (end < targetEnd && bytes[end] != '/' && bytes[end] != '?') {
            end++;
        }
        pathStart = end;
        if (!Authority.valid(bytes, authority, end)) {
            return HeadVerdict.BAD_TARGET;
        }
        if (hostStart < 0) {
            hostStart = authority;
            hostEnd = end;
            return HeadVerdict.WHOLE;
        }
        return sameHost(authority, end) ? HeadVerdict.WHOLE : HeadVerdict.HOST_CONFLICT;
    }

    private int afterScheme() {
        for (byte[] scheme : new byte[][] {HTTP, HTTPS}) {
            int end = targetStart + scheme.length;
            if (end <= targetEnd && Grammar.equalsIgnoreCase(bytes, targetStart, end, scheme)) {
                return end;
            }
        }
        return -1;
    }

    private boolean sameHost(int from, int to) {
        if (to - from != hostEnd - hostStart) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (Grammar.lower(bytes[from + i]) != Grammar.lower(bytes[hostStart + i])) {
                return false;
            }
        }
        return true;
    }

    private HeadVerdict checkOffers() {
        upgrade = -1;
        expects = false;
        for (int i = 0; i < fields.count(); i++) {
            FieldName name = fields.name(i);
            if (name == FieldName.EXPECT && !fields.valueIs(i, CONTINUE)) {
                return HeadVerdict.BAD_EXPECTATION;
            }
            expects |= name == FieldName.EXPECT;
            // An upgrade to h2c would let a client speak past this proxy, so it is never offered on.
            if (name == FieldName.UPGRADE && connection.upgrade() && minorVersion == 1 && !offersH2c(fields.value(i))) {
                upgrade = i;
            }
        }
        return HeadVerdict.WHOLE;
    }

    /** Whether h2c is among the protocols of a list, with a version or without (RFC 9110 section 7.8). */
    private static boolean offersH2c(String protocols) {
        for (String protocol : protocols.split(",")) {
            int slash = protocol.indexOf('/');
            if (protocol.substring(0, slash < 0 ? protocol.length() : slash).strip().equalsIgnoreCase("h2c")) {
                return true;
            }
        }
        return false;
    }

    public Fields fields() {
        return fields;
    }

    public ConnectionOptions connection() {
        return connection;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** The index just past the head. */
    public int end() {
        return fields.end();
    }

    public Method method() {
        return method;
    }

    public int start() {
        return start;
    }

    public int methodEnd() {
        return methodEnd;
    }

    /** Where path and query begin; at {@link #targetEnd()} or at a {@code ?} when the absolute form left the path out. */
    public int pathStart() {
        return pathStart;
    }

    public int targetEnd() {
        return targetEnd;
    }

    /** Where the host begins, or -1 when an HTTP/1.0 request names none. */
    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    public int minorVersion() {
        return minorVersion;
    }

    /** The body's bytes, or -1 when no length is given. */
    public long contentLength() {
        return framing.length();
    }

    public boolean chunked() {
        return framing.chunked();
    }

    public boolean hasBody() {
        return framing.chunked() || framing.length() > 0;
    }

    /** Whether it expects {@code 100 Continue} before its body is sent. */
    public boolean expectsContinue() {
        return expects;
    }

    /** The {@code Upgrade} field that is offered on to the server, or -1. */
    public int upgrade() {
        return upgrade;
    }

    /** Whether the client's connection ends after this exchange. HTTP/1.0's keep-alive extension is not spoken. */
    public boolean lastOfConnection() {
        return minorVersion == 0 || connection.close();
    }
}
