package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** What a {@link ReplyScanner} says of bytes that come in by and by, in the words of {@link SlowReplies}. */
final class FastReplies {
    private final ReplyScanner scanner;
    private final boolean takesAtOnce;
    private final List<String> said = new ArrayList<>();
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int read;

    private FastReplies(int depth, boolean takesAtOnce) {
        this.scanner = new ReplyScanner(depth);
        this.takesAtOnce = takesAtOnce;
    }

    /** @param takesAtOnce whether bytes of an answer that is not whole are taken out of the buffer */
    static List<String> read(byte[] bytes, int[] pieces, int depth, boolean takesAtOnce) {
        var fast = new FastReplies(depth, takesAtOnce);
        int at = 0;
        try {
            for (int piece : pieces) {
                fast.held = Cut.add(fast.held, bytes, at, piece);
                at += piece;
                fast.takeAll();
            }
            fast.said.add("more");
        } catch (ProtocolFault e) {
            fast.said.add("fault");
        } finally {
            fast.held.release();
        }
        return fast.said;
    }

    private void takeAll() {
        while (scanner.scan(held)) {
            take(scanner.length());
            if (scanner.push() != (scanner.type() == '>')) {
                throw new AssertionError("a push is one by its first byte");
            }
            said.add((char) scanner.type() + "@" + read);
        }
        if (scanner.length() > held.readableBytes()) {
            throw new AssertionError("more than there is was seen");
        }
        if (takesAtOnce) {
            int seen = scanner.length();
            take(seen);
            scanner.taken(seen);
        }
    }

    private void take(int bytes) {
        held.skipBytes(bytes);
        read += bytes;
    }
}
