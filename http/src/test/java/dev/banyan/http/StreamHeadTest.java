package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.StreamHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream's head may not smuggle into HTTP/1.1, each row a known attack or a rule of RFC 9113. The codec's own checks are off here. */
class StreamHeadTest {
    private final StreamHead written = new StreamHead();
    private final RequestHead head = new RequestHead();

    private static Http2Headers headers(String... fields) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(new AsciiString(fields[i]), new AsciiString(fields[i + 1]));
        }
        return headers;
    }

    private HeadVerdict read(Http2Headers headers, boolean ended) {
        HeadVerdict verdict = written.write(headers, ended);
        return verdict.fault() ? verdict : head.read(written.bytes(), 0, written.length(), 100);
    }

    private String text() {
        return new String(written.bytes(), 0, written.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void writesOneHeadOfHttp11() {
        Http2Headers stream = headers(":method", "POST", ":scheme", "https", ":path", "/a", ":authority", "a:8", "cookie", "a=1", "accept", "*/*", "cookie", "b=2", "host", "A:8");
        assertThat(read(stream, false)).isEqualTo(HeadVerdict.WHOLE);
        assertThat(text()).isEqualTo("POST /a HTTP/1.1\r\nhost: a:8\r\naccept: */*\r\ncookie: a=1; b=2\r\ntransfer-encoding: chunked\r\n\r\n");
        assertThat(head.chunked()).isTrue();
    }

    @Test
    void takesTheHostFieldWhereThereIsNoAuthority() {
        assertThat(read(headers(":method", "GET", ":scheme", "http", ":path", "*", "host", "a"), true)).isEqualTo(HeadVerdict.BAD_TARGET);
        assertThat(read(headers(":method", "OPTIONS", ":scheme", "http", ":path", "*", "host", "a"), true)).isEqualTo(HeadVerdict.WHOLE);
        assertThat(text()).isEqualTo("OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        ":path|/ HTTP/1.1\\r\\nx: y|BAD_TARGET",
        ":path|/a b|BAD_TARGET",
        ":path|/a#b|BAD_TARGET",
        ":path|http://other/|BAD_TARGET",
        ":path|a|BAD_TARGET",
        ":path|**|BAD_TARGET",
        ":path|/\\u0000|BAD_TARGET",
        ":method|GET /x HTTP/1.1\\r\\n|BAD_METHOD",
        ":method|G T|BAD_METHOD",
        ":method|CONNECT|METHOD_NOT_SERVED",
        ":method|TRACE|METHOD_NOT_SERVED",
        ":scheme|ftp|BAD_PSEUDO_HEADER",
        ":scheme|http\\r\\nx: y|BAD_PSEUDO_HEADER",
        ":authority|a\\r\\nx: y|BAD_HOST",
        ":authority|a b|BAD_HOST",
        ":authority|user@a|BAD_HOST",
        ":authority|a:b|BAD_HOST",
        ":extra|1|BAD_PSEUDO_HEADER",
        "host|other|HOST_CONFLICT",
        "x|a\\r\\ny: z|BAD_VALUE",
        "x|a\\nb|BAD_VALUE",
        "x|a\\rb|BAD_VALUE",
        "x|a\\u0000b|BAD_VALUE",
        "x| a|BAD_VALUE",
        "x|a |BAD_VALUE",
        "x: y|a|BAD_NAME",
        "x\\r\\ny|a|BAD_NAME",
        "x y|a|BAD_NAME",
        "Upper|a|BAD_NAME",
        "x\\u0000|a|BAD_NAME",
        "connection|close|CONNECTION_FIELD",
        "keep-alive|1|CONNECTION_FIELD",
        "proxy-connection|close|CONNECTION_FIELD",
        "transfer-encoding|chunked|CONNECTION_FIELD",
        "transfer_encoding|chunked|WHOLE",
        "upgrade|websocket|CONNECTION_FIELD",
        "te|gzip|CONNECTION_FIELD",
        "te|trailers|WHOLE",
        "content-length|1, 1|BAD_LENGTH",
        "content-length|+1|BAD_LENGTH",
        "content-length|1\\r\\nx: y|BAD_VALUE",
        "expect|magic|BAD_EXPECTATION",
        "cookie|a=1\\r\\nx: y|BAD_VALUE"
    })
    void refusesWhatWouldMeanSomethingElse(String name, String value, HeadVerdict verdict) {
        Http2Headers stream = headers(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a");
        if (name.startsWith(":") && stream.contains(name)) {
            stream.set(new AsciiString(name), new AsciiString(plain(value)));
        } else {
            stream.add(new AsciiString(plain(name)), new AsciiString(plain(value)));
        }
        assertThat(read(stream, true)).isEqualTo(verdict);
    }

    private static String plain(String escaped) {
        return escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\u0000", "\0");
    }

    @Test
    void refusesMissingAndDoubledPseudoHeaders() {
        assertThat(read(headers(":scheme", "http", ":path", "/", ":authority", "a"), true)).isEqualTo(HeadVerdict.BAD_PSEUDO_HEADER);
        assertThat(read(headers(":method", "GET", ":path", "/", ":authority", "a"), true)).isEqualTo(HeadVerdict.BAD_PSEUDO_HEADER);
        assertThat(read(headers(":method", "GET", ":scheme", "http", ":authority", "a"), true)).isEqualTo(HeadVerdict.BAD_PSEUDO_HEADER);
        assertThat(read(headers(":method", "GET", ":scheme", "http", ":path", ""), true)).isEqualTo(HeadVerdict.BAD_TARGET);
        assertThat(read(headers(":method", "GET", ":scheme", "http", ":path", "/"), true)).isEqualTo(HeadVerdict.NO_HOST);
        for (String twice : List.of(":method", ":scheme", ":path", ":authority")) {
            assertThat(read(headers(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a", twice, "http"), true)).as(twice).isEqualTo(HeadVerdict.BAD_PSEUDO_HEADER);
        }
        assertThat(read(headers(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a", "host", "a", "content-length", "1", "content-length", "1"), true)).isEqualTo(HeadVerdict.SEVERAL_LENGTHS);
    }

    /** Whatever bytes a client sends: either a fault, or exactly one head that has as many fields as the stream had. */
    @Property
    void neverWritesMoreThanOneHead(@ForAll @Size(max = 6) List<byte[]> names, @ForAll @Size(min = 6, max = 6) List<byte[]> values, @ForAll byte[] path) {
        Http2Headers stream = headers(":method", "GET", ":scheme", "http", ":authority", "a");
        stream.path(new AsciiString(path.length == 0 ? new byte[] {'/'} : path));
        for (int i = 0; i < names.size(); i++) {
            stream.add(new AsciiString(names.get(i)), new AsciiString(values.get(i)));
        }
        if (!read(stream, true).fault()) {
            assertThat(head.end()).isEqualTo(written.length());
            assertThat(head.fields().count()).isEqualTo(1 + names.size());
        }
    }
}
