package dev.banyan.http;

import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.topology.Compression;
import dev.banyan.topology.Compression.Coding;
import java.util.List;
import java.util.Locale;

/** Which answers are compressed, and how: from the site file, for all loops. */
final class CompressionRules {
    private static final List<String> USUAL_TYPES = List.of(
            "text/*", "application/javascript", "application/json", "application/manifest+json", "application/xml", "application/xhtml+xml", "application/rss+xml", "application/atom+xml",
            "application/ld+json", "application/problem+json", "application/graphql-response+json", "application/x-ndjson", "application/wasm", "image/svg+xml", "font/ttf", "font/otf");
    private static final byte[] EVENT_STREAM = HeadBuffer.ascii("text/event-stream");
    private static final byte[] CONTENT_TYPE = HeadBuffer.ascii("content-type");
    private static final byte[] CONTENT_ENCODING = HeadBuffer.ascii("content-encoding");
    private static final byte[] CONTENT_RANGE = HeadBuffer.ascii("content-range");
    private static final byte[] CACHE_CONTROL = HeadBuffer.ascii("cache-control");
    private static final String NO_TRANSFORM = "no-transform";

    private final List<Coding> codings;
    private final byte[][] types;
    private final long from;

    CompressionRules(Compression site) {
        codings = (site.codings().isEmpty() ? Coders.available() : site.codings()).stream().filter(Coders.available()::contains).toList();
        types = (site.types().isEmpty() ? USUAL_TYPES : site.types()).stream().map(type -> HeadBuffer.ascii(type.toLowerCase(Locale.ROOT))).toArray(byte[][]::new);
        from = site.from().bytes();
    }

    /** What is offered to clients, what is preferred first. */
    List<Coding> codings() {
        return codings;
    }

    /**
     * Whether an answer is one of those that are compressed for who takes it. Not a part of something (its bytes are counted), not what is
     * encoded already or must stay as it is (RFC 9110 section 7.7), not a stream of events, which is to arrive event by event.
     */
    boolean concern(ResponseHead head) {
        int status = head.status();
        Fields fields = head.fields();
        boolean whole = status >= 200 && status != 204 && status != 205 && status != 206 && status != 304 && fields.find(CONTENT_RANGE) < 0;
        return whole
                && (head.chunked() || head.contentLength() < 0 || head.contentLength() >= Math.max(1, from))
                && fields.find(CONTENT_ENCODING) < 0
                && ofType(fields)
                && !mustStay(fields);
    }

    private boolean ofType(Fields fields) {
        int field = fields.find(CONTENT_TYPE);
        if (field < 0) {
            return false;
        }
        byte[] bytes = fields.bytes();
        int start = fields.valueStart(field);
        int end = start;
        while (end < fields.valueEnd(field) && (Grammar.token(bytes[end]) || bytes[end] == '/')) {
            end++;
        }
        if (Grammar.equalsIgnoreCase(bytes, start, end, EVENT_STREAM)) {
            return false;
        }
        for (byte[] type : types) {
            boolean kind = type[type.length - 1] == '*';
            if (kind ? begins(bytes, start, end, type) : Grammar.equalsIgnoreCase(bytes, start, end, type)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a type is of a kind written as {@code text/*}. */
    private static boolean begins(byte[] bytes, int start, int end, byte[] kind) {
        int length = kind.length - 1;
        if (end - start < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Grammar.lower(bytes[start + i]) != kind[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean mustStay(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            if (Grammar.equalsIgnoreCase(fields.bytes(), fields.nameStart(i), fields.nameEnd(i), CACHE_CONTROL) && fields.value(i).toLowerCase(Locale.ROOT).contains(NO_TRANSFORM)) {
                return true;
            }
        }
        return false;
    }
}
