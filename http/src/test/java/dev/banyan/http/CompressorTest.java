package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import dev.banyan.http.wire.Body;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Compression;
import dev.banyan.topology.Compression.Coding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.BrotliDecoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressorTest {
    private static final String HTML = "Content-Type: text/html; charset=utf-8";
    private static final CompressionRules RULES = new CompressionRules(new Compression(List.of(), List.of(), new ByteSize(1024)));
    private static final byte[] PAGE = "<p>a page with much the same on each line</p>\n".repeat(500).getBytes(StandardCharsets.US_ASCII);

    private final Coders coders = new Coders();
    private final Client client = new Client(true);
    private Compressor compressor = new Compressor(client, coders, ByteBufAllocator.DEFAULT);

    @Test
    void thisMachineHasAllCodings() {
        assertThat(Coders.available()).containsExactly(Coding.values());
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void aPageComesCompressedAndWhole(Coding coding) throws IOException {
        serve("GET", "Accept-Encoding: " + coding.name().toLowerCase(), 200, HTML, "Content-Length: " + PAGE.length, "ETag: \"v1\"", "Accept-Ranges: bytes");
        assertThat(client.header("Content-Encoding")).contains(coding.name().toLowerCase());
        assertThat(client.header("Vary")).contains("Accept-Encoding");
        assertThat(client.header("ETag")).contains("W/\"v1\"");
        assertThat(client.header("Content-Length")).isEmpty();
        assertThat(client.header("Accept-Ranges")).isEmpty();
        assertThat(client.content().length).isLessThan(PAGE.length / 10);
        assertThat(decoded(coding, client.content())).isEqualTo(PAGE);
        assertThat(coders.inUse()).isZero();
    }

    @Test
    void whereClientsTakeContentItComesWithoutChunks() throws IOException {
        Client stream = new Client(false);
        compressor = new Compressor(stream, coders, ByteBufAllocator.DEFAULT);
        serve("GET", "Accept-Encoding: gzip", 200, HTML);
        assertThat(decoded(Coding.GZIP, stream.body.toByteArray())).isEqualTo(PAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type: image/png", "Content-Type: text/event-stream", "Content-Encoding: br", "Cache-Control: public, No-Transform", "Content-Range: bytes 0-5/10", "Content-Type: textile/x"})
    void whatMustStayAsItIsIsNotTouched(String line) {
        boolean type = line.startsWith("Content-Type");
        serve("GET", "Accept-Encoding: gzip", 200, type ? line : HTML, type ? "X: y" : line, "Content-Length: " + PAGE.length);
        assertThat(client.body.toByteArray()).isEqualTo(PAGE);
        assertThat(client.head).contains("Content-Length: ").doesNotContain("Vary");
    }

    @ParameterizedTest
    @CsvSource({"206, false", "204, false", "304, false", "404, true", "500, true"})
    void onlyWholeAnswersAreCompressed(int status, boolean compressed) {
        serve("GET", "Accept-Encoding: gzip", status, HTML);
        assertThat(client.header("Content-Encoding").isPresent()).isEqualTo(compressed);
    }

    @Test
    void whatIsSmallGoesAsItIs() {
        begin("GET", "Accept-Encoding: gzip");
        answer(200, HTML, "Content-Length: 5");
        piece("hello".getBytes(StandardCharsets.US_ASCII));
        compressor.answered(0);
        assertThat(client.body).hasToString("hello");
    }

    @Test
    void whoTakesNoneOfItIsToldThatOthersMay() {
        serve("GET", "Accept: */*", 200, HTML, "Content-Length: " + PAGE.length, "Vary: Cookie", "ETag: \"v1\"");
        assertThat(client.header("Content-Encoding")).isEmpty();
        assertThat(client.head).contains("Vary: Cookie").contains("Vary: Accept-Encoding").contains("ETag: \"v1\"");
        assertThat(client.body.toByteArray()).isEqualTo(PAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Vary: *", "vary: Cookie, accept-encoding"})
    void whatVariesAlreadySaysSoOnce(String vary) {
        serve("GET", "Accept-Encoding: gzip", 200, HTML, vary);
        assertThat(client.head.toLowerCase().split("vary:", -1)).hasSize(2);
    }

    @Test
    void headHasTheHeadOfGet() {
        begin("HEAD", "Accept-Encoding: gzip");
        answer(200, HTML, "Content-Length: " + PAGE.length, "ETag: \"v1\"");
        compressor.answered(0);
        String ofHead = client.head;
        assertThat(client.body.size()).isZero();
        serve("GET", "Accept-Encoding: gzip", 200, HTML, "Content-Length: " + PAGE.length, "ETag: \"v1\"");
        assertThat(ofHead).isEqualTo(client.head);
    }

    @Test
    void whatWasFlushedCanBeReadByThen() throws IOException {
        for (Coding coding : Coding.values()) {
            begin("GET", "Accept-Encoding: " + coding.name().toLowerCase());
            answer(200, HTML);
            for (int i = 1; i <= 5; i++) {
                piece(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                compressor.flush();
                assertThat(new String(decoded(coding, client.unfinished()), StandardCharsets.US_ASCII)).endsWith("line " + i + "\n");
            }
            compressor.cut();
            assertThat(client.ended).isEqualTo("cut");
            assertThat(coders.inUse()).isZero();
        }
    }

    @Test
    void anAnswerOfHttp10ThatEndsWithItsConnectionGetsChunks() throws IOException {
        begin("GET", "Accept-Encoding: gzip");
        ResponseHead head = responseHead("HTTP/1.0 200 OK\r\n" + HTML + "\r\nConnection: close\r\n\r\n");
        answer(head, true);
        piece(PAGE);
        compressor.answered(0);
        assertThat(client.untilClose).isFalse();
        assertThat(client.head).startsWith("HTTP/1.1 200 OK").contains("Transfer-Encoding: chunked");
        assertThat(decoded(Coding.GZIP, client.content())).isEqualTo(PAGE);
    }

    /** RFC 9110 section 13.1.2 compares weakly, but not every service does. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"W/\"v1\" | W/\"v1\", \"v1\"", "\"a\", W/\"b,c\" | \"a\", W/\"b,c\", \"b,c\"", "\"v1\" |", "* |", "W/\"v1 |"})
    void aWeakTagIsAskedForInItsStrongFormToo(String sent, String asked) {
        assertThat(Compressor.strengthened(requestHead("GET", "If-None-Match: " + sent)).map(line -> line.value())).isEqualTo(Optional.ofNullable(asked));
    }

    @Test
    void whoHasTheWeakTagIsToldTheWeakTagIsStillGood() {
        begin("GET", "Accept-Encoding: gzip", "If-None-Match: W/\"v1\"");
        answer(304, "ETag: \"v1\"");
        compressor.answered(0);
        assertThat(client.header("ETag")).contains("W/\"v1\"");
        begin("GET", "Accept-Encoding: gzip", "If-None-Match: \"v1\"");
        answer(304, "ETag: \"v1\"");
        assertThat(client.header("ETag")).contains("\"v1\"");
    }

    @Test
    void moreAnswersAtATimeThanCodersGoAsTheyAre() {
        List<Coder> leased = new ArrayList<>();
        for (int i = 0; i < Coders.MOST_IN_USE; i++) {
            leased.add(coders.lease(Coding.GZIP));
        }
        serve("GET", "Accept-Encoding: gzip", 200, HTML, "Content-Length: " + PAGE.length);
        assertThat(client.body.toByteArray()).isEqualTo(PAGE);
        assertThat(client.header("Vary")).contains("Accept-Encoding");
        leased.forEach(coder -> coders.giveBack(Coding.GZIP, coder));
        coders.close();
    }

    @Property(tries = 150)
    void whateverComesAndHoweverItIsCutComesOutTheSame(@ForAll byte[] pattern, @ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Coding coding = Coding.values()[random.nextInt(3)];
        begin("GET", "Accept-Encoding: " + coding.name().toLowerCase());
        answer(200, HTML);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int pieces = random.nextInt(20);
        for (int i = 0; i < pieces; i++) {
            byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 10 : 50_000)];
            random.nextBytes(piece);
            for (int j = 0; j < piece.length && pattern.length > 0; j++) {
                piece[j] = random.nextInt(3) == 0 ? piece[j] : pattern[j % pattern.length];
            }
            piece(piece);
            all.writeBytes(piece);
            if (random.nextInt(3) == 0) {
                compressor.flush();
            }
        }
        compressor.answered(0);
        assertThat(decoded(coding, client.content())).isEqualTo(all.toByteArray());
    }

    private void serve(String method, String requestLine, int status, String... lines) {
        begin(method, requestLine);
        answer(status, lines);
        for (int at = 0; at < PAGE.length; at += 1000) {
            piece(java.util.Arrays.copyOfRange(PAGE, at, Math.min(at + 1000, PAGE.length)));
        }
        compressor.answered(0);
    }

    private void begin(String method, String... lines) {
        client.clear();
        compressor.begin(Optional.of(RULES), requestHead(method, lines));
    }

    private void answer(int status, String... lines) {
        answer(responseHead("HTTP/1.1 " + status + " X\r\n" + String.join("\r\n", lines) + "\r\n\r\n"), false);
    }

    private void answer(ResponseHead head, boolean untilClose) {
        compressor.begins(head, 0);
        ByteBuf wire = Unpooled.wrappedBuffer(head.bytes());
        compressor.answer(head, wire, 0, wire.writerIndex(), wire.writerIndex(), untilClose);
    }

    /** As a server's connection does: in its framing where that is taken (here there is none), else by its content. */
    private void piece(byte[] bytes) {
        ByteBuf wire = Unpooled.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        if (compressor.takesWire()) {
            compressor.wire(wire, 0, bytes.length);
        } else {
            compressor.piece(wire, 0, bytes.length);
        }
        wire.release();
    }

    private static RequestHead requestHead(String method, String... lines) {
        RequestHead head = new RequestHead();
        byte[] bytes = (method + " / HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(head.read(bytes, 0, bytes.length, 100)).isEqualTo(HeadVerdict.WHOLE);
        return head;
    }

    private static ResponseHead responseHead(String text) {
        ResponseHead head = new ResponseHead();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(head.read(bytes, 0, bytes.length, 100)).isEqualTo(HeadVerdict.WHOLE);
        return head;
    }

    /** All that can be read of it, whether it has its end or not. */
    private static byte[] decoded(Coding coding, byte[] bytes) throws IOException {
        if (coding == Coding.BR) {
            return brotliDecoded(bytes);
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream in = decoder(coding, new ByteArrayInputStream(bytes))) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                read.write(b);
            }
        } catch (EOFException unfinished) {
            return read.toByteArray();
        } catch (IOException e) {
            if (coding == Coding.GZIP) {
                throw e;
            }
        }
        return read.toByteArray();
    }

    /** By Netty's decoder, for brotli4j's stream gives nothing of what has no end. */
    private static byte[] brotliDecoded(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new BrotliDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            read.writeBytes(ByteBufUtil.getBytes(piece));
            piece.release();
        }
        channel.finishAndReleaseAll();
        return read.toByteArray();
    }

    private static InputStream decoder(Coding coding, InputStream in) throws IOException {
        return switch (coding) {
            case GZIP -> new GZIPInputStream(in);
            case ZSTD -> new ZstdInputStream(in);
            case BR -> throw new IllegalArgumentException("see brotliDecoded");
        };
    }

    /** What a client gets. */
    private static final class Client implements ClientSide {
        private final boolean takesWire;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private String head = "";
        private boolean untilClose;
        private String ended = "";

        Client(boolean takesWire) {
            this.takesWire = takesWire;
        }

        void clear() {
            body.reset();
            head = "";
            ended = "";
        }

        Optional<String> header(String name) {
            return head.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1)).map(line -> line.substring(name.length() + 1).strip()).findFirst();
        }

        /** The body out of its chunks, which must be whole. */
        byte[] content() {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            assertThat(unchunk(content)).as("the last chunk").isTrue();
            return content.toByteArray();
        }

        byte[] unfinished() {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            unchunk(content);
            return content.toByteArray();
        }

        private boolean unchunk(ByteArrayOutputStream to) {
            Body framing = new Body();
            framing.chunked();
            ByteBuf wire = Unpooled.wrappedBuffer(body.toByteArray());
            int end = framing.consume(wire, 0, wire.writerIndex(), (bytes, index, length) -> {
                byte[] piece = new byte[length];
                bytes.getBytes(index, piece);
                to.writeBytes(piece);
            });
            assertThat(framing.broken()).isFalse();
            return framing.done() && end == wire.writerIndex();
        }

        private void take(ByteBuf wire, int index, int length) {
            byte[] piece = new byte[length];
            wire.getBytes(index, piece);
            body.writeBytes(piece);
        }

        @Override
        public boolean takesWire() {
            return takesWire;
        }

        @Override
        public void interim(ResponseHead interim, ByteBuf wire, int from, int to) {}

        @Override
        public void answer(ResponseHead answer, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean close) {
            head = wire.toString(from, bodyFrom - from, StandardCharsets.ISO_8859_1);
            untilClose = close;
            take(wire, bodyFrom, bodyTo - bodyFrom);
        }

        @Override
        public void wire(ByteBuf wire, int from, int to) {
            assertThat(takesWire).isTrue();
            take(wire, from, to - from);
        }

        @Override
        public void piece(ByteBuf wire, int index, int length) {
            assertThat(takesWire).isFalse();
            take(wire, index, length);
        }

        @Override
        public void answered(long now) {
            ended = "answered";
        }

        @Override
        public void answer(LocalAnswer answer) {
            ended = "answer";
        }

        @Override
        public void cut() {
            ended = "cut";
        }

        @Override
        public void tunnel(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void flush() {}

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void reading(boolean on) {}
    }
}
