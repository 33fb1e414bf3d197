package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.banyan.http.wire.Body;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where bodies end, in whatever pieces they arrive. */
class BodiesTest {
    /** @param end where it stopped: past the body, or past the byte that broke it */
    private record Outcome(boolean done, boolean broken, int end, String content) {}

    private static Outcome read(String text, int[] cuts, java.util.function.Consumer<Body> kind) {
        ByteBuf wire = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Body body = new Body();
        kind.accept(body);
        int at = 0;
        for (int cut : cuts) {
            at = body.consume(wire, at, cut, (buffer, index, length) -> {
                byte[] piece = new byte[length];
                buffer.getBytes(index, piece);
                content.writeBytes(piece);
            });
            if (body.done() || body.broken()) {
                break;
            }
            assertThat(at).as("all that is there is taken while it lasts").isEqualTo(cut);
        }
        assertThat(body.payload()).isEqualTo(content.size());
        return new Outcome(body.done(), body.broken(), at, content.toString(StandardCharsets.ISO_8859_1));
    }

    private static void assertAlways(String text, java.util.function.Consumer<Body> kind, Outcome expected) {
        for (int[] cuts : Slices.of(text.length())) {
            assertThat(read(text, cuts, kind)).isEqualTo(expected);
        }
    }

    static Stream<Arguments> chunked() {
        return Stream.of(
                arguments("0\r\n\r\n", ""),
                arguments("5\r\nhello\r\n0\r\n\r\n", "hello"),
                arguments("000000000000005\r\nhello\r\n0\r\n\r\n", "hello"),
                arguments("A\r\n0123456789\r\na;x=\"y z\"\r\n0123456789\r\n00\r\nX: y\r\nZ:\r\n\r\n", "01234567890123456789"),
                arguments("1;" + "x".repeat(256) + "\r\nz\r\n0\r\n\r\n", "z"),
                arguments("0\r\nX:" + "y".repeat(8191) + "\r\n\r\n", ""),
                arguments("0\r\n" + "X:y\r\n".repeat(4096) + "\r\n", ""));
    }

    @ParameterizedTest
    @MethodSource
    void chunked(String text, String content) {
        assertAlways(text, Body::chunked, new Outcome(true, false, text.length(), content));
        assertAlways(text + "GET / HTTP/1.1\r\n", Body::chunked, new Outcome(true, false, text.length(), content));
        for (int length = 0; length < text.length(); length += 1 + text.length() / 200) {
            Outcome part = read(text.substring(0, length), new int[] {length}, Body::chunked);
            assertThat(part.done() || part.broken()).as("the first %d bytes", length).isFalse();
        }
    }

    static Stream<String> broken() {
        return Stream.of(
                "g", "\r", ";", " ", "-", "+", "0x", "5 ", "5\n", "5\r\r", "5\rx", "0000000000000000", "1;" + "x".repeat(257), "1;\u0000", "1;\n", "1;\r\r",
                "1\r\nxy", "1\r\nx\n", "1\r\nx\rx", "1\r\nx\r\n\r", "0\r\n\n", "0\r\n\rx", "0\r\n:", "0\r\n ", "0\r\nX ", "0\r\nX\r", "0\r\nX: y\n", "0\r\nX: y\rx", "0\r\nX: \u0000",
                "0\r\nX:" + "y".repeat(8192), "0\r\n" + "X:y\r\n".repeat(4096) + "X");
    }

    /** Each is broken by its last byte. */
    @ParameterizedTest
    @MethodSource
    void broken(String text) {
        for (int[] cuts : Slices.of(text.length())) {
            Outcome outcome = read(text, cuts, Body::chunked);
            assertThat(outcome.broken()).isTrue();
            assertThat(outcome.end()).isEqualTo(text.length());
        }
        Outcome before = read(text, new int[] {text.length() - 1}, Body::chunked);
        assertThat(before.broken() || before.done()).isFalse();
    }

    @Test
    void aLengthEndsWhereItSays() {
        assertAlways("helloGET", body -> body.length(5), new Outcome(true, false, 5, "hello"));
        assertAlways("hell", body -> body.length(5), new Outcome(false, false, 4, "hell"));
        assertAlways("GET", body -> body.length(0), new Outcome(true, false, 0, ""));
        assertAlways("GET", Body::none, new Outcome(true, false, 0, ""));
        assertAlways("all", Body::untilClose, new Outcome(false, false, 3, "all"));
        assertAlways("all", body -> body.length(999_999_999_999_999_999L), new Outcome(false, false, 3, "all"));
    }

    @Test
    void aBodyCanBeUsedAgainAfterABrokenOne() {
        ByteBuf wire = Unpooled.wrappedBuffer("g".getBytes(StandardCharsets.US_ASCII));
        Body body = new Body();
        body.chunked();
        body.consume(wire, 0, 1, null);
        assertThat(body.broken()).isTrue();
        body.length(1);
        assertThat(body.broken() || body.done()).isFalse();
        body.chunked();
        assertThat(body.broken() || body.done()).isFalse();
    }

    /** Whatever is put into chunks comes out of them, however it was cut. */
    @Property(tries = 300)
    void contentComesOutOfItsChunks(@ForAll @Size(max = 20) List<@Size(max = 40) byte[]> pieces) {
        StringBuilder text = new StringBuilder();
        StringBuilder content = new StringBuilder();
        for (byte[] piece : pieces) {
            if (piece.length > 0) {
                String latin = new String(piece, StandardCharsets.ISO_8859_1);
                text.append(Integer.toHexString(piece.length)).append("\r\n").append(latin).append("\r\n");
                content.append(latin);
            }
        }
        text.append("0\r\n\r\n");
        assertAlways(text.toString(), Body::chunked, new Outcome(true, false, text.length(), content.toString()));
    }
}
