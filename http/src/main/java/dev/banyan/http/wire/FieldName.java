package dev.banyan.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The header fields that the front door and its cache read, strip or write. All others are {@link #OTHER} and pass through. */
public enum FieldName {
    OTHER,
    /**
     * A name that differs from one of those below only by {@code _} for {@code -}: {@code Content_Length}. Servers that turn names into
     * variables (CGI, WSGI) cannot tell the two apart, so it is never passed on.
     */
    IMITATION,
    HOST,
    CONNECTION,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    UPGRADE,
    EXPECT,
    KEEP_ALIVE,
    PROXY_CONNECTION,
    TE,
    COOKIE,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PROTO,
    X_FORWARDED_PORT,
    X_FORWARDED_SCHEME,
    X_FORWARDED_PROTOCOL,
    X_FORWARDED_SSL,
    X_FORWARDED_PREFIX,
    X_FORWARDED_SERVER,
    X_URL_SCHEME,
    X_HOST,
    X_ORIGINAL_HOST,
    FRONT_END_HTTPS,
    X_ORIGINAL_URL,
    X_REWRITE_URL,
    X_HTTP_METHOD,
    X_HTTP_METHOD_OVERRIDE,
    X_METHOD_OVERRIDE,
    X_REAL_IP,
    FORWARDED,
    X_REQUEST_ID,
    TRACEPARENT,
    TRACESTATE,
    HTTP2_SETTINGS,
    AUTHORIZATION,
    CACHE_CONTROL,
    PRAGMA,
    RANGE,
    IF_MATCH,
    IF_NONE_MATCH,
    IF_MODIFIED_SINCE,
    IF_UNMODIFIED_SINCE,
    IF_RANGE,
    AGE,
    DATE,
    EXPIRES,
    ETAG,
    LAST_MODIFIED,
    VARY,
    SET_COOKIE,
    LOCATION,
    CONTENT_LOCATION,
    CONTENT_RANGE,
    CONTENT_ENCODING,
    CONTENT_MD5,
    CONTENT_DIGEST,
    CDN_CACHE_CONTROL,
    SURROGATE_CONTROL,
    SURROGATE_KEY,
    CACHE_TAG,
    TRAILER,
    PROXY_AUTHENTICATE,
    PROXY_AUTHENTICATION_INFO,
    PROXY_AUTHORIZATION;

    private static final FieldName[][] BY_LENGTH = byLength();

    private final byte[] lower = name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.US_ASCII);

    /** Which field a name is, whatever its letters' case. */
    public static FieldName of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= BY_LENGTH.length) {
            return OTHER;
        }
        for (FieldName name : BY_LENGTH[length]) {
            int underscores = name.compare(bytes, from);
            if (underscores >= 0) {
                return underscores == 0 ? name : IMITATION;
            }
        }
        return OTHER;
    }

    /** The number of underscores that stand for hyphens, or -1 when it is another name. */
    private int compare(byte[] bytes, int from) {
        int underscores = 0;
        for (int i = 0; i < lower.length; i++) {
            byte b = Grammar.lower(bytes[from + i]);
            if (b == '_' && lower[i] == '-') {
                underscores++;
            } else if (b != lower[i]) {
                return -1;
            }
        }
        return underscores;
    }

    private static FieldName[][] byLength() {
        List<List<FieldName>> lists = new ArrayList<>();
        for (FieldName name : values()) {
            if (name == OTHER || name == IMITATION) {
                continue;
            }
            while (lists.size() <= name.lower.length) {
                lists.add(new ArrayList<>());
            }
            lists.get(name.lower.length).add(name);
        }
        return lists.stream().map(list -> list.toArray(FieldName[]::new)).toArray(FieldName[][]::new);
    }
}
