package dev.banyan.http.wire;

import java.nio.charset.StandardCharsets;

/** A request's method, as far as a proxy must know it (RFC 9110 section 9; QUERY: RFC 10008). */
public enum Method {
    GET(true, true),
    HEAD(true, true),
    POST(false, false),
    PUT(true, false),
    DELETE(true, false),
    OPTIONS(true, true),
    PATCH(false, false),
    QUERY(true, true),
    TRACE(true, true),
    CONNECT(false, false),
    /** Any other: passed on, never tried again. */
    OTHER(false, false);

    public static final int LONGEST = 32;

    private static final Method[] KNOWN = {GET, POST, HEAD, PUT, DELETE, OPTIONS, PATCH, QUERY, TRACE, CONNECT};

    private final boolean idempotent;
    private final boolean safe;
    private final byte[] text = name().getBytes(StandardCharsets.US_ASCII);

    Method(boolean idempotent, boolean safe) {
        this.idempotent = idempotent;
        this.safe = safe;
    }

    /** The method that {@code bytes[from, to)} spells; methods are case-sensitive. */
    public static Method of(byte[] bytes, int from, int to) {
        for (Method method : KNOWN) {
            if (method.text.length == to - from && method.spells(bytes, from)) {
                return method;
            }
        }
        return OTHER;
    }

    private boolean spells(byte[] bytes, int from) {
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether sending it twice does no more than sending it once, so that it may be tried again (RFC 9110 section 9.2.2). */
    public boolean idempotent() {
        return idempotent;
    }

    /** Whether a client that sends it asks for no change (RFC 9110 section 9.2.1). */
    public boolean safe() {
        return safe;
    }
}
