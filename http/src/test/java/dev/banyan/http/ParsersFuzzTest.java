package dev.banyan.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.Body;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Every parser that a stranger's bytes reach. As part of the tests each seed of {@code src/test/resources} is replayed; with
 * {@code JAZZER_FUZZ=1} in the environment, one target a run is explored (docs/fuzzing.md).
 *
 * <p>Holds for all: no exception, no read past the bytes, and the outcome does not depend on how the bytes were cut.
 */
class ParsersFuzzTest {
    private static final int MOST_FIELDS = 1_000;
    private static final String LAST = "Connection: close\r\n";

    @FuzzTest(maxDuration = "2m")
    void requestHead(byte[] bytes) {
        RequestHead head = new RequestHead();
        HeadVerdict whole = head.read(bytes, 0, bytes.length, MOST_FIELDS);
        require(whole != HeadVerdict.WHOLE || head.end() <= bytes.length, "the end lies past the bytes");
        require(whole == new RequestHead().read(shifted(bytes), 3, 3 + bytes.length, MOST_FIELDS), "what lies around the bytes matters");
        for (int length = bytes.length / 2; length < bytes.length; length += 1 + bytes.length / 16) {
            HeadVerdict part = new RequestHead().read(bytes, 0, length, MOST_FIELDS);
            require(!part.fault() || whole.fault(), part + " becomes " + whole);
            require(part != HeadVerdict.WHOLE || whole == HeadVerdict.WHOLE, "a whole head becomes " + whole);
        }
        CanonicalForm.check(bytes, false);
        CanonicalForm.check(bytes, true);
    }

    @FuzzTest(maxDuration = "2m")
    void responseHead(byte[] bytes) {
        ResponseHead head = new ResponseHead();
        HeadVerdict whole = head.read(bytes, 0, bytes.length, MOST_FIELDS);
        require(whole == new ResponseHead().read(shifted(bytes), 3, 3 + bytes.length, MOST_FIELDS), "what lies around the bytes matters");
        if (whole != HeadVerdict.WHOLE) {
            return;
        }
        require(head.end() <= bytes.length, "the end lies past the bytes");
        HeadBuffer out = new HeadBuffer();
        new ResponseWriter(out).write(head, false, false, FieldEdits.NONE);
        ResponseHead again = new ResponseHead();
        require(again.read(out.bytes(), 0, out.length(), MOST_FIELDS) == HeadVerdict.WHOLE && again.end() == out.length(), "what is written is not one head");
        require(again.status() == head.status() && again.chunked() == head.chunked() && again.contentLength() == head.contentLength(), "another answer");
        require(head.status() == 101 || !again.hasHopByHop(), "a field of the server's hop was passed on");
    }

    @FuzzTest(maxDuration = "2m")
    void chunkedBody(byte[] bytes) {
        String whole = chunked(bytes, bytes.length);
        require(whole.equals(chunked(bytes, 1)), "byte by byte it is another body");
        require(whole.equals(chunked(bytes, 7)), "in pieces it is another body");
    }

    private static String chunked(byte[] bytes, int step) {
        ByteBuf wire = Unpooled.wrappedBuffer(bytes);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Body body = new Body();
        body.chunked();
        int at = 0;
        while (at < bytes.length && !body.done() && !body.broken()) {
            int end = Math.min(bytes.length, at + step);
            at = body.consume(wire, at, end, (buffer, index, length) -> content.write(bytes, index, length));
            require(at <= end, "it took more than was there");
        }
        require(content.size() == body.payload(), "the content's length is wrong");
        return at + " " + body.done() + " " + body.broken() + " " + content.toString(StandardCharsets.ISO_8859_1);
    }

    /** A connection from its first byte on: HTTP/1.1, or HTTP/2 after its preface. */
    @FuzzTest(maxDuration = "2m")
    void connection(byte[] bytes) {
        boolean two = bytes.length >= 3 && bytes[0] == 'P' && bytes[1] == 'R' && bytes[2] == 'I';
        String whole = answers(bytes, Math.max(1, bytes.length), Threshold.PLAIN);
        if (!two) {
            requireAnswers(whole);
            String slow = answers(bytes, 1, Threshold.PLAIN);
            requireAnswers(slow);
            // With the body still under way the same answer is the connection's last.
            require(whole.contains(LAST) || slow.contains(LAST) || whole.equals(slow), "byte by byte it gets other answers");
        }
    }

    /** The same behind a proxy that says who asks. */
    @FuzzTest(maxDuration = "2m")
    void proxyHeader(byte[] bytes) {
        answers(bytes, Math.max(1, bytes.length), Threshold.PROXIED);
        answers(bytes, 1, Threshold.PROXIED);
    }

    private static String answers(byte[] bytes, int step, Threshold threshold) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Greeting.meet(channel, threshold.lane(channel), false);
        for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            said.writeBytes(io.netty.buffer.ByteBufUtil.getBytes(out));
            out.release();
        }
        channel.finishAndReleaseAll();
        threshold.requireNoBug();
        return said.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whole answers one after the other, and none after one that closes. */
    private static void requireAnswers(String said) {
        byte[] bytes = said.getBytes(StandardCharsets.ISO_8859_1);
        ResponseHead head = new ResponseHead();
        int at = 0;
        while (at < bytes.length) {
            require(head.read(bytes, at, bytes.length, MOST_FIELDS) == HeadVerdict.WHOLE, "not an answer");
            boolean bodiless = head.end() + head.contentLength() > bytes.length || said.startsWith("HTTP/1.1 ", head.end());
            at = head.end() + (bodiless ? 0 : (int) head.contentLength());
            require(head.keepsAlive() || at == bytes.length, "something after the last answer");
        }
    }

    private static byte[] shifted(byte[] bytes) {
        byte[] all = new byte[bytes.length + 6];
        Arrays.fill(all, (byte) '\n');
        System.arraycopy(bytes, 0, all, 3, bytes.length);
        return all;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
