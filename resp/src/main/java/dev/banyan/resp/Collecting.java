package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Waits for one whole answer, for the router itself. Owned by one IO loop. */
final class Collecting implements Recipient {
    /** For answers that nobody waits for. */
    static final Recipient NOBODY = new Recipient() {
        @Override
        public void answer(long note, ByteBuf from, int length, boolean last) {
            // Nobody asked.
        }

        @Override
        public void lost(long note, String why) {
            // Nobody asked.
        }
    };

    private static final int LONGEST = 512 << 20;

    private final Consumer<Reply> whole;
    private final Consumer<String> lost;
    private ByteBuf pieces;
    private boolean tooLong;

    /**
     * @param whole hears the answer, a failure too
     * @param lost hears why there is none
     */
    Collecting(Consumer<Reply> whole, Consumer<String> lost) {
        this.whole = whole;
        this.lost = lost;
    }

    @Override
    public void answer(long note, ByteBuf from, int length, boolean last) {
        if (last && pieces == null) {
            whole.accept(NodeConnection.read(from, length));
            return;
        }
        if (pieces == null) {
            pieces = from.alloc().buffer(length * 2);
        }
        tooLong |= pieces.readableBytes() + (long) length > LONGEST;
        if (tooLong) {
            pieces.clear().capacity(0);
        } else {
            pieces.writeBytes(from, from.readerIndex(), length);
        }
        if (last) {
            ByteBuf all = pieces;
            pieces = null;
            try {
                whole.accept(tooLong ? Reply.failure("ERR an answer of more than " + LONGEST + " bytes cannot be put together") : NodeConnection.read(all, all.readableBytes()));
            } finally {
                all.release();
            }
        }
    }

    @Override
    public void lost(long note, String why) {
        if (pieces != null) {
            pieces.release();
            pieces = null;
        }
        lost.accept(why);
    }
}
