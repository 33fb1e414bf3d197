package dev.banyan.http.wire;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;

/**
 * Writes the head of an HTTP/2 request down as one of HTTP/1.1, for {@link RequestHead} to read: one set of rules for both. Reused for each
 * request. Owned by one IO loop.
 *
 * <p>What could mean something else once it is written down (a line break, a blank in the path, a field that frames or steers HTTP/1.1
 * connections) is a fault before it is written (RFC 9113 sections 8.2 and 8.3, and 10.3 on intermediaries).
 */
public final class StreamHead {
    private static final byte[] VERSION_HOST = ascii(" HTTP/1.1\r\nhost: ");
    private static final byte[] VERSION = ascii(" HTTP/1.1");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] COOKIE = ascii("cookie: ");
    private static final byte[] CRUMB = ascii("; ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString COOKIE_NAME = AsciiString.cached("cookie");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");

    private final HeadBuffer out = new HeadBuffer();
    private AsciiString method;
    private AsciiString scheme;
    private AsciiString path;
    private AsciiString authority;
    private boolean hasLength;
    private boolean hasCookie;

    /**
     * Writes a head; what comes of it lies in {@link #bytes()}.
     *
     * @param ended whether the request has no body
     * @return {@link HeadVerdict#WHOLE} or a fault
     */
    public HeadVerdict write(Http2Headers headers, boolean ended) {
        out.clear();
        HeadVerdict verdict = readPseudo(headers);
        if (verdict.fault()) {
            return verdict;
        }
        hasLength = false;
        hasCookie = false;
        put(out, method).put(' ');
        put(out, path);
        if (authority == null) {
            out.put(VERSION).put(CRLF);
        } else {
            put(out.put(VERSION_HOST), authority).put(CRLF);
        }
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            verdict = field(AsciiString.of(field.getKey()), AsciiString.of(field.getValue()));
            if (verdict.fault()) {
                return verdict;
            }
        }
        if (hasCookie) {
            putCookies(headers);
        }
        out.put(!ended && !hasLength ? CHUNKED : new byte[0]).put(CRLF);
        return HeadVerdict.WHOLE;
    }

    private HeadVerdict readPseudo(Http2Headers headers) {
        method = null;
        scheme = null;
        path = null;
        authority = null;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            AsciiString name = AsciiString.of(field.getKey());
            if (!name.isEmpty() && name.byteAt(0) == ':' && !take(name, AsciiString.of(field.getValue()))) {
                return HeadVerdict.BAD_PSEUDO_HEADER;
            }
        }
        if (method == null) {
            return HeadVerdict.BAD_PSEUDO_HEADER;
        }
        if (Method.of(method.array(), method.arrayOffset(), method.arrayOffset() + method.length()) == Method.CONNECT) {
            return HeadVerdict.METHOD_NOT_SERVED;
        }
        return scheme == null || path == null ? HeadVerdict.BAD_PSEUDO_HEADER : checkPseudo();
    }

    /** False when a pseudo-header is unknown or comes twice. */
    private boolean take(AsciiString name, AsciiString value) {
        switch (name.toString()) {
            case ":method" -> {
                boolean first = method == null;
                method = value;
                return first;
            }
            case ":scheme" -> {
                boolean first = scheme == null;
                scheme = value;
                return first;
            }
            case ":path" -> {
                boolean first = path == null;
                path = value;
                return first;
            }
            case ":authority" -> {
                boolean first = authority == null;
                authority = value;
                return first;
            }
            default -> {
                return false;
            }
        }
    }

    private HeadVerdict checkPseudo() {
        if (method.isEmpty() || !all(method, Grammar::token)) {
            return HeadVerdict.BAD_METHOD;
        }
        if (!scheme.contentEqualsIgnoreCase(HTTP) && !scheme.contentEqualsIgnoreCase(HTTPS)) {
            return HeadVerdict.BAD_PSEUDO_HEADER;
        }
        boolean origin = !path.isEmpty() && (path.byteAt(0) == '/' || path.length() == 1 && path.byteAt(0) == '*');
        if (!origin || !all(path, Grammar::target)) {
            return HeadVerdict.BAD_TARGET;
        }
        return authority == null || all(authority, Grammar::host) ? HeadVerdict.WHOLE : HeadVerdict.BAD_HOST;
    }

    private HeadVerdict field(AsciiString name, AsciiString value) {
        if (name.isEmpty()) {
            return HeadVerdict.BAD_NAME;
        }
        if (name.byteAt(0) == ':') {
            return HeadVerdict.WHOLE;
        }
        if (!all(name, b -> Grammar.token(b) && !(b >= 'A' && b <= 'Z'))) {
            return HeadVerdict.BAD_NAME;
        }
        if (!all(value, Grammar::value) || blankAtAnEnd(value)) {
            return HeadVerdict.BAD_VALUE;
        }
        switch (FieldName.of(name.array(), name.arrayOffset(), name.arrayOffset() + name.length())) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE -> {
                return HeadVerdict.CONNECTION_FIELD;
            }
            case TE -> {
                if (!value.contentEqualsIgnoreCase(TRAILERS)) {
                    return HeadVerdict.CONNECTION_FIELD;
                }
            }
            case HOST -> {
                if (authority != null) {
                    return authority.contentEqualsIgnoreCase(value) ? HeadVerdict.WHOLE : HeadVerdict.HOST_CONFLICT;
                }
            }
            case COOKIE -> {
                hasCookie = true;
                return HeadVerdict.WHOLE;
            }
            case CONTENT_LENGTH -> hasLength = true;
            default -> { }
        }
        put(put(out, name).put(COLON), value).put(CRLF);
        return HeadVerdict.WHOLE;
    }

    /** RFC 9113 section 8.2.3: a cookie may come in crumbs, and HTTP/1.1 wants it whole. */
    private void putCookies(Http2Headers headers) {
        byte[] separator = COOKIE;
        for (CharSequence crumb : headers.getAll(COOKIE_NAME)) {
            put(out.put(separator), AsciiString.of(crumb));
            separator = CRUMB;
        }
        out.put(CRLF);
    }

    private static boolean blankAtAnEnd(AsciiString value) {
        return !value.isEmpty() && (blank(value.byteAt(0)) || blank(value.byteAt(value.length() - 1)));
    }

    private static boolean blank(byte b) {
        return b == Grammar.SP || b == Grammar.TAB;
    }

    private static boolean all(AsciiString text, ByteClass allowed) {
        byte[] bytes = text.array();
        int end = text.arrayOffset() + text.length();
        for (int i = text.arrayOffset(); i < end; i++) {
            if (!allowed.has(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static HeadBuffer put(HeadBuffer to, AsciiString text) {
        return to.put(text.array(), text.arrayOffset(), text.arrayOffset() + text.length());
    }

    /** The head as bytes, valid until the next one is written. */
    public byte[] bytes() {
        return out.bytes();
    }

    public int length() {
        return out.length();
    }

    @FunctionalInterface
    private interface ByteClass {
        boolean has(byte b);
    }
}
