package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads, in whatever pieces they arrive: good ones are partial until they are whole, and what is bad stays bad. */
class HeadsTest {
    private static final int MOST = 100;
    private static final String START = "GET / HTTP/1.1\r\nHost: a\r\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** At an offset and with bytes after it that are none of its own, so that a read past the end shows. */
    private static HeadVerdict request(String text, int length) {
        byte[] padded = new byte[length + 20];
        Arrays.fill(padded, (byte) '\n');
        System.arraycopy(bytes(text), 0, padded, 7, length);
        return new RequestHead().read(padded, 7, 7 + length, MOST);
    }

    private static HeadVerdict response(String text, int length) {
        byte[] padded = new byte[length + 20];
        Arrays.fill(padded, (byte) '\n');
        System.arraycopy(bytes(text), 0, padded, 7, length);
        return new ResponseHead().read(padded, 7, 7 + length, MOST);
    }

    static Stream<String> goodRequests() {
        return Stream.of(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /a/b?c=d&e=%20 HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 12\r\n\r\n",
                "PUT * HTTP/1.0\r\n\r\n".replace("PUT", "OPTIONS"),
                "GET http://a:80?x HTTP/1.1\r\nHost: A:80\r\n\r\n",
                "BREW /|{}\"<> HTTP/1.1\r\nHost: a_b.c\r\nX:\r\nY: \t \r\nZ: \u00e9 \t z\t\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tChunked\r\nExpect: 100-Continue\r\nConnection: , upgrade ,\r\nUpgrade: websocket\r\n\r\n",
                "G".repeat(Method.LONGEST) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource
    void goodRequests(String text) {
        for (int length = 0; length < text.length(); length++) {
            assertThat(request(text, length)).as("the first %d bytes", length).isEqualTo(HeadVerdict.PARTIAL);
        }
        assertThat(request(text, text.length())).isEqualTo(HeadVerdict.WHOLE);
        assertThat(request(text + "more", text.length() + 4)).as("what follows belongs to another").isEqualTo(HeadVerdict.WHOLE);
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(
                arguments("G".repeat(Method.LONGEST + 1), HeadVerdict.BAD_METHOD),
                arguments("GET\r\n", HeadVerdict.BAD_START_LINE),
                arguments("\r\n\r\n\r\n\r\n", HeadVerdict.BAD_START_LINE),
                arguments("\rX", HeadVerdict.BAD_START_LINE),
                arguments("GET /\n", HeadVerdict.BARE_LF),
                arguments("GET /\r\n", HeadVerdict.BAD_TARGET),
                arguments("GET / HTTX", HeadVerdict.BAD_VERSION),
                arguments("GET / HTTP/2", HeadVerdict.UNKNOWN_VERSION),
                arguments("GET / HTTP/1.2", HeadVerdict.UNKNOWN_VERSION),
                arguments("GET / HTTP/1.1\n", HeadVerdict.BARE_LF),
                arguments("GET / HTTP/1.1\rX", HeadVerdict.BARE_CR),
                arguments(START + "X\r", HeadVerdict.BAD_NAME),
                arguments(START + "X\n", HeadVerdict.BARE_LF),
                arguments(START + " x", HeadVerdict.FOLDED),
                arguments(START + "X: y\u0000", HeadVerdict.BAD_VALUE),
                arguments(START + "X: y\n", HeadVerdict.BARE_LF),
                arguments(START + "X: y\rz", HeadVerdict.BARE_CR),
                arguments(START + "\rX", HeadVerdict.BARE_CR),
                arguments(START + "X: y\r\n".repeat(MOST), HeadVerdict.TOO_MANY_FIELDS),
                arguments(START + "Host: a\r\n\r\n", HeadVerdict.SEVERAL_HOSTS),
                arguments("GET / HTTP/1.1\r\n\r\n", HeadVerdict.NO_HOST),
                arguments(START + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", HeadVerdict.LENGTH_AND_CHUNKED),
                arguments(START + "Content-Length: 1234567890123456789\r\n\r\n", HeadVerdict.BAD_LENGTH),
                arguments(START + "Expect: x\r\n\r\n", HeadVerdict.BAD_EXPECTATION),
                arguments(START + "Connection: x, host\r\n\r\n", HeadVerdict.BAD_CONNECTION),
                arguments("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", HeadVerdict.HOST_CONFLICT));
    }

    @ParameterizedTest
    @MethodSource
    void badRequests(String text, HeadVerdict fault) {
        assertThat(request(text, text.length()).fault()).isTrue();
        assertStaysBad(text, fault, false);
    }

    static Stream<String> goodResponses() {
        return Stream.of(
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.0 204\r\nServer: x\r\n\r\n",
                "HTTP/1.1 103 \r\nLink: </a>\r\n\r\n",
                "HTTP/1.1 599 \u00e9\tx\r\nTransfer-Encoding: chunked\r\nConnection: close, X\r\nX: 1\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource
    void goodResponses(String text) {
        for (int length = 0; length < text.length(); length++) {
            assertThat(response(text, length)).as("the first %d bytes", length).isEqualTo(HeadVerdict.PARTIAL);
        }
        assertThat(response(text, text.length())).isEqualTo(HeadVerdict.WHOLE);
    }

    static Stream<Arguments> badResponses() {
        return Stream.of(
                arguments("HTTP/1.2", HeadVerdict.BAD_VERSION),
                arguments("http/1.1", HeadVerdict.BAD_VERSION),
                arguments("ICY", HeadVerdict.BAD_VERSION),
                arguments("HTTP/1.1 600", HeadVerdict.BAD_STATUS),
                arguments("HTTP/1.1 099", HeadVerdict.BAD_STATUS),
                arguments("HTTP/1.1  20", HeadVerdict.BAD_STATUS),
                arguments("HTTP/1.1 2000", HeadVerdict.BAD_STATUS),
                arguments("HTTP/1.1 200 OK\n", HeadVerdict.BARE_LF),
                arguments("HTTP/1.1 200 O\rK", HeadVerdict.BARE_CR),
                arguments("HTTP/1.1 200 OK\r\nX: y\r\n z", HeadVerdict.FOLDED),
                arguments("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", HeadVerdict.SEVERAL_LENGTHS),
                arguments("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HeadVerdict.CHUNKED_BEFORE_1_1),
                arguments("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", HeadVerdict.LENGTH_AND_CHUNKED));
    }

    @ParameterizedTest
    @MethodSource
    void badResponses(String text, HeadVerdict fault) {
        assertStaysBad(text, fault, true);
    }

    /** Never whole on the way, that fault at the end, and bad whatever follows. */
    private static void assertStaysBad(String text, HeadVerdict fault, boolean answer) {
        for (int length = 0; length <= text.length(); length++) {
            HeadVerdict verdict = answer ? response(text, length) : request(text, length);
            assertThat(verdict).as("the first %d bytes", length).isNotEqualTo(HeadVerdict.WHOLE);
        }
        assertThat(answer ? response(text, text.length()) : request(text, text.length())).isEqualTo(fault);
        for (String more : List.of("x", "\r\n\r\n", "\n", " HTTP/1.1\r\nHost: a\r\n\r\n")) {
            String longer = text + more;
            assertThat((answer ? response(longer, longer.length()) : request(longer, longer.length())).fault()).as("with more").isTrue();
        }
    }

    /** Pieces that heads are made of, good and bad, so that many of their sentences are nearly right. */
    @Provide
    Arbitrary<String> sentences() {
        Arbitrary<String> pieces = Arbitraries.of(
                "GET", "POST", "OPTIONS", " ", "/", "*", "http://a", "?b", "#", " HTTP/1.1", " HTTP/1.0", " HTTP/2.0", "\r\n", "\n", "\r", "\r\n\r\n", "Host: a\r\n", "Host: a", "Host:",
                "Content-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content_Length: 1\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Connection: close\r\n",
                "Connection: Upgrade, X\r\n", "Upgrade: x\r\n", "X: y\r\n", "X : y\r\n", "\t", ":", "\u0000", "\u00ff", "Expect: 100-continue\r\n", "a");
        return Combinators.combine(Arbitraries.of("GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\n", "", "GET http://a"), pieces.list().ofMaxSize(12))
                .as((start, list) -> start + String.join("", list));
    }

    @Property(tries = 3_000)
    void aFaultOnceSeenStays_andAWholeHeadKeepsItsEnd(@ForAll("sentences") String text) {
        byte[] all = bytes(text);
        RequestHead head = new RequestHead();
        HeadVerdict before = HeadVerdict.PARTIAL;
        int end = -1;
        for (int length = 0; length <= all.length; length++) {
            HeadVerdict now = head.read(Arrays.copyOf(all, length), 0, length, MOST);
            if (before.fault()) {
                assertThat(now.fault()).as("%s at %d after %s", now, length, before).isTrue();
            }
            if (before == HeadVerdict.WHOLE) {
                assertThat(now).isEqualTo(HeadVerdict.WHOLE);
                assertThat(head.end()).isEqualTo(end);
            }
            if (now == HeadVerdict.WHOLE) {
                end = head.end();
                assertThat(end).isLessThanOrEqualTo(length);
            }
            before = now;
        }
    }

    @Property(tries = 2_000)
    void whatIsWrittenForAServer_readsBackAsTheSameRequest(@ForAll("sentences") String text, @ForAll @IntRange(max = 1) int trusted) {
        CanonicalForm.check(bytes(text), trusted == 1);
    }
}
