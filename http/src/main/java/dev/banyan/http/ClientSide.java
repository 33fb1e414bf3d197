package dev.banyan.http;

import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.Payload;
import dev.banyan.http.wire.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Who gets an answer: an HTTP/1.1 connection, one stream of an HTTP/2 connection, or who stands between and passes on. All calls come on its loop. */
interface ClientSide extends Payload {
    /** Whether bodies go to this client in the server's framing; otherwise their content goes by {@link #piece}. */
    boolean takesWire();

    /** The response's head has come; {@link #takesWire} is asked after this. */
    default void begins(ResponseHead head, long now) {}

    /** An interim response (1xx, but not 101) goes by; its head lies at {@code wire[from, to)}. */
    void interim(ResponseHead head, ByteBuf wire, int from, int to);

    /**
     * The response begins.
     *
     * @param wire holds the head at {@code [from, bodyFrom)} and the body's first bytes at {@code [bodyFrom, bodyTo)}; stays the caller's
     * @param untilClose whether the body has no other end than the connection's
     */
    void answer(ResponseHead head, ByteBuf wire, int from, int bodyFrom, int bodyTo, boolean untilClose);

    /**
     * The response begins with these bytes of our own writing, head and all; the buffer stays the caller's.
     *
     * @return false when something in the head must change first: nothing was sent, and {@link #answer} is to be called
     */
    default boolean sends(ByteBuf message) {
        return false;
    }

    /** More of the body, in the server's framing; the buffer stays the caller's. */
    void wire(ByteBuf wire, int from, int to);

    /** The response has ended properly; the exchange is over. */
    void answered(long now);

    /** The exchange is over with an answer of our own; nothing of another was sent. */
    void answer(LocalAnswer answer);

    /** The exchange is over in the middle of a response; the client must see that it is cut. */
    void cut();

    /** Bytes of an upgraded connection; takes the buffer. */
    void tunnel(ByteBuf bytes);

    /** Sends what was written. */
    void flush();

    /** Whether it takes more without the bytes piling up here; {@link Exchange#clientWritable} is called when it does again. */
    boolean writable();

    /**
     * Whether so much lies here for the client that not even the beginning of an answer is to be read for it; {@link Exchange#clientWritable} is called
     * when that is over.
     */
    default boolean full() {
        return false;
    }

    /** The request's body may flow again, or must wait. */
    void reading(boolean on);
}
