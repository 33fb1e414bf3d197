package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a client has sent and its session has not dealt with yet. A message is looked at where it lies; of a large one the rest follows its
 * beginning, wherever that went, as it arrives. Owned by one session.
 */
final class ClientInput {
    static final int HEADER = 5;
    /** What PostgreSQL allows a message of a kind that is always short (PQ_SMALL_MESSAGE_LIMIT). */
    private static final int MOST_SHORT = 10_000;
    private static final int MOST = 0x3fffffff;

    private final ByteBufAllocator allocator;
    private ByteBuf in;
    /** Put together here, so that more can be written behind what is there. */
    private boolean joined;
    private int rest;
    private boolean dropping;

    ClientInput(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** More has come. Takes over the buffer. */
    void add(ByteBuf more) {
        if (isEmpty()) {
            release();
            in = more;
        } else if (joined && in.writableBytes() >= more.readableBytes()) {
            in.writeBytes(more);
            more.release();
        } else {
            in = join(in, more);
        }
    }

    /** A request is to be looked at again, before everything else. Takes over the buffer. */
    void putBack(ByteBuf request) {
        if (isEmpty()) {
            release();
            in = request;
        } else {
            in = join(request, in);
        }
    }

    /** With room for as much again: a long message that comes in small pieces is copied a few times, not once a piece. */
    private ByteBuf join(ByteBuf first, ByteBuf second) {
        ByteBuf both = allocator.directBuffer(2 * (first.readableBytes() + second.readableBytes())).writeBytes(first).writeBytes(second);
        joined = true;
        first.release();
        second.release();
        return both;
    }

    boolean isEmpty() {
        return in == null || !in.isReadable();
    }

    int bytes() {
        return in == null ? 0 : in.readableBytes();
    }

    /** Whether the next message's type and length are there. */
    boolean hasHeader() {
        return bytes() >= HEADER;
    }

    /** The bytes; positions in it are absolute. */
    ByteBuf buffer() {
        return in;
    }

    /** Where the next message begins. */
    int at() {
        return in.readerIndex();
    }

    byte type() {
        return in.getByte(in.readerIndex());
    }

    /**
     * Bytes of the next message, with its type.
     *
     * @throws ProtocolViolation when it cannot be that long
     */
    int length() {
        int length = in.getInt(in.readerIndex() + 1);
        if (length < 4 || length > most(type())) {
            throw new ProtocolViolation("a message of type '" + shown(type()) + "' says that it is " + length + " bytes long");
        }
        return length + 1;
    }

    /** What a message of that type may say that it is long, its type not counted. */
    static int most(byte type) {
        return switch (type) {
            case 'Q', 'P', 'B', 'F', 'd' -> MOST;
            default -> MOST_SHORT;
        };
    }

    static String shown(byte type) {
        return type >= ' ' && type < 127 ? Character.toString(type) : "\\x%02x".formatted(type & 0xff);
    }

    /** Whether that much of the next message is there. */
    boolean has(int bytes) {
        return bytes() >= bytes;
    }

    /** Whether a message whose beginning has gone on is still coming. */
    boolean isPassing() {
        return rest > 0;
    }

    /** The next bytes go to the server; what is not there yet follows by {@link #pass}. */
    void send(int bytes, ServerConnection server) {
        rest = bytes;
        dropping = false;
        pass(server);
    }

    /** The next bytes are dropped, those too that are not there yet. */
    void skip(int bytes) {
        rest = bytes;
        dropping = true;
        pass(null);
    }

    /** As much of the message's rest as is there goes where its beginning went. @param server null drops it */
    void pass(ServerConnection server) {
        int now = Math.min(rest, in.readableBytes());
        rest -= now;
        if (server == null || dropping) {
            in.skipBytes(now);
        } else {
            server.output().append(in, now);
        }
    }

    /** All there is goes to the server as it lies. */
    void sendAll(ServerConnection server) {
        ByteBuf all = in;
        in = null;
        joined = false;
        server.output().send(all);
    }

    /** A copy of what lies there without copying. */
    ByteBuf keep(int at, int bytes) {
        return in.retainedSlice(at, bytes);
    }

    /** Gives the memory back once all was dealt with. */
    void trim() {
        if (isEmpty()) {
            release();
        }
    }

    void release() {
        joined = false;
        if (in != null) {
            in.release();
            in = null;
        }
    }
}
