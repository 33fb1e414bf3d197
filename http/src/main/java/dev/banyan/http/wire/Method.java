package dev.banyan.http.wire;

import java.nio.charset.StandardCharsets;

/** A request's method, as far as a proxy must know it (RFC 9110 section 9; QUERY: RFC 10008). */
public enum Method {
    GET(true, true, false),
    HEAD(true, true, false),
    POST(false, false, true),
    PUT(true, false, true),
    DELETE(true, false, false),
    OPTIONS(true, true, false),
    PATCH(false, false, true),
    QUERY(true, true, true),
    TRACE(true, true, false),
    CONNECT(false, false, false),
    /** Any other: passed on, never tried again. */
    OTHER(false, false, true);

    public static final int LONGEST = 32;

    private static final Method[] KNOWN = {GET, POST, HEAD, PUT, DELETE, OPTIONS, PATCH, QUERY, TRACE, CONNECT};

    private final boolean idempotent;
    private final boolean safe;
    private final boolean readsContent;
    private final byte[] text = name().getBytes(StandardCharsets.US_ASCII);

    Method(boolean idempotent, boolean safe, boolean readsContent) {
        this.idempotent = idempotent;
        this.safe = safe;
        this.readsContent = readsContent;
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

    /** Whether content means something to it (RFC 9110 section 9.3), so that a server can be trusted to have read it when it has answered. */
    public boolean readsContent() {
        return readsContent;
    }
}
