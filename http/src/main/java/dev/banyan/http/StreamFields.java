package dev.banyan.http;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.ResponseHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Turns a response's head into the header fields of an HTTP/2 response. */
final class StreamFields {
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString[] STATUS = new AsciiString[600];

    private StreamFields() {}

    /** Everything but what belongs to HTTP/1.1's connections and framing (RFC 9113 section 8.2.2), names in lower case; changed as {@code edits} say. */
    static Http2Headers of(ResponseHead head, FieldEdits edits) {
        Fields fields = head.fields();
        Http2Headers headers = new DefaultHttp2Headers(false, fields.count() + 2).status(status(head.status()));
        for (int i = 0; i < fields.count(); i++) {
            if (!head.endsHere(i) && fields.name(i) != FieldName.TRANSFER_ENCODING && !edits.removes(fields, i)) {
                headers.add(name(fields, i), new AsciiString(fields.bytes(), fields.valueStart(i), fields.valueEnd(i) - fields.valueStart(i), true));
            }
        }
        for (FieldLine line : edits.added()) {
            headers.add(AsciiString.of(line.name()).toLowerCase(), line.value());
        }
        return headers;
    }

    /** The same for an answer of our own. */
    static Http2Headers of(LocalAnswer answer) {
        Http2Headers headers = new DefaultHttp2Headers(false).status(status(answer.status()));
        answer.fields().forEach(field -> headers.add(AsciiString.of(field.name()).toLowerCase(), field.value()));
        return answer.bodiless() ? headers : headers.addInt(CONTENT_LENGTH, answer.body().length);
    }

    private static AsciiString name(Fields fields, int i) {
        byte[] lower = new byte[fields.nameEnd(i) - fields.nameStart(i)];
        for (int j = 0; j < lower.length; j++) {
            lower[j] = Grammar.lower(fields.bytes()[fields.nameStart(i) + j]);
        }
        return new AsciiString(lower, false);
    }

    private static AsciiString status(int status) {
        AsciiString known = STATUS[status];
        if (known == null) {
            known = new AsciiString(Integer.toString(status));
            STATUS[status] = known; // every loop would write an equal value
        }
        return known;
    }
}
