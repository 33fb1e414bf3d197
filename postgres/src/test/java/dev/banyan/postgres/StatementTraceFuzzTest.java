package dev.banyan.postgres;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Any bytes as a statement whose last comment may say for what request it is (docs/fuzzing.md). */
class StatementTraceFuzzTest {
    private static final int VALUE = 55;
    private static final byte[] KEY = "traceparent='".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT = "/*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/".getBytes(StandardCharsets.US_ASCII);

    /** What is found lies between its quotes, within the text, whatever lies around that; behind any text the comment that ends it is found. */
    @FuzzTest(maxDuration = "60s")
    void comment(byte[] bytes) {
        ByteBuf alone = Unpooled.wrappedBuffer(bytes);
        int at = StatementTrace.find(alone, 0, bytes.length);
        ByteBuf around = Unpooled.directBuffer(bytes.length + 4).writeBytes(new byte[] {'/', '*'}).writeBytes(bytes).writeBytes(new byte[] {'*', '/'});
        require(StatementTrace.find(around, 2, 2 + bytes.length) == (at < 0 ? -1 : at + 2), "what lies around the text matters");
        around.release();
        if (at >= 0) {
            require(at >= KEY.length + 2 && at + VALUE + 3 <= bytes.length, "found outside of a comment in the text");
            require(alone.slice(at - KEY.length, KEY.length).equals(Unpooled.wrappedBuffer(KEY)) && alone.getByte(at + VALUE) == '\'', "found where it is not named");
        }
        ByteBuf ended = Unpooled.buffer(bytes.length + COMMENT.length).writeBytes(bytes).writeBytes(COMMENT);
        require(StatementTrace.find(ended, 0, ended.readableBytes()) == bytes.length + 2 + KEY.length, "the comment at the end is not found");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
