package dev.banyan.http;

import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Takes an answer that nobody wants: a mirrored request's, or one that a page of the site's own stands in for. Owned by one IO loop. */
final class Discarding implements ClientSide {
    /** More than this is not waited for: the connection ends. */
    private static final long MOST = 1 << 20;

    private final Lane lane;
    private final Exchange exchange;
    private long bytes;

    private Discarding(Lane lane, Exchange exchange) {
        this.lane = lane;
        this.exchange = exchange;
    }

    /** From now on nobody gets what this exchange is answered. */
    static void rest(Lane lane, Exchange exchange) {
        exchange.answerTo(new Discarding(lane, exchange));
    }

    @Override
    public boolean takesWire() {
        return true;
    }

    @Override
    public void interim(ResponseHead head, ByteBuf wire, int from, int to) {
        // nobody is told
    }

    @Override
    public void answer(ResponseHead head, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose) {
        took(bodyTo - bodyFrom);
    }

    @Override
    public void wire(ByteBuf wire, int from, int to) {
        took(to - from);
    }

    @Override
    public void piece(ByteBuf wire, int index, int length) {
        took(length);
    }

    private void took(int more) {
        boolean before = bytes > MOST;
        bytes += more;
        if (!before && bytes > MOST) {
            lane.loop.execute(exchange::clientGone);
        }
    }

    @Override
    public void answered(long now) {
        // it is over
    }

    @Override
    public void answer(LocalAnswer answer) {
        // it is over
    }

    @Override
    public void cut() {
        // it is over
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void flush() {
        // nothing is kept
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void reading(boolean on) {
        // its request is whole
    }
}
