package dev.banyan.postgres.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** What a client may send first, before there are typed messages (PostgreSQL's manual, 53.7; ProcessStartupPacket in backend_startup.c). */
sealed interface StartupPacket {
    /** PostgreSQL's MAX_STARTUP_PACKET_LENGTH, without the length's own 4 bytes. */
    int MOST_BYTES = 10_000;
    int LENGTH_BYTES = 4;
    int NEWEST_MINOR = 2;

    record SslRequest() implements StartupPacket {}

    record GssRequest() implements StartupPacket {}

    /** @param key 4 bytes in protocol 3.0, up to 256 in 3.2 */
    record Cancel(int processId, byte[] key) implements StartupPacket {
        static final int SHORTEST_KEY = 4;
        static final int LONGEST_KEY = 256;
    }

    /**
     * A session is asked for.
     *
     * @param minor that will be spoken: 0 or 2
     * @param negotiated whether that, or an option that is not known, has to be told
     */
    record Start(int minor, boolean negotiated, StartupParameters parameters) implements StartupPacket {}

    /** A major version other than 3. */
    record Foreign(int major, int minor) implements StartupPacket {}

    /** Whether the length, its own bytes included, is one of a start-up packet; to be asked before waiting for so many bytes. */
    static boolean fits(int length) {
        return length >= LENGTH_BYTES + 4 && length <= LENGTH_BYTES + MOST_BYTES;
    }

    /** @param body what stands behind the length, all of it, 4 bytes at least */
    static StartupPacket read(ByteBuf body) throws Refused {
        int major = body.readUnsignedShort();
        int minor = body.readUnsignedShort();
        return switch (major) {
            case 1234 -> request(minor, body);
            case 3 -> start(minor, body);
            default -> new Foreign(major, minor);
        };
    }

    private static StartupPacket request(int code, ByteBuf body) throws Refused {
        int left = body.readableBytes();
        return switch (code) {
            case 5678 -> cancel(body);
            case 5679 -> alone(new SslRequest(), left);
            case 5680 -> alone(new GssRequest(), left);
            default -> new Foreign(1234, code);
        };
    }

    private static StartupPacket alone(StartupPacket request, int left) throws Refused {
        if (left > 0) {
            throw new Refused(Refusal.BAD_LAYOUT.fatal(left + " bytes behind a request that has none"));
        }
        return request;
    }

    private static StartupPacket cancel(ByteBuf body) throws Refused {
        int key = body.readableBytes() - Integer.BYTES;
        if (key < Cancel.SHORTEST_KEY || key > Cancel.LONGEST_KEY) {
            throw new Refused(Refusal.BAD_LAYOUT.fatal("a cancel request with a key of " + key + " bytes"));
        }
        return new Cancel(body.readInt(), ByteBufUtil.getBytes(body));
    }

    /** There never was a 3.1: who asks for it gets 3.0. */
    private static StartupPacket start(int asked, ByteBuf body) throws Refused {
        StartupParameters parameters = StartupParameters.read(body);
        int minor = asked >= NEWEST_MINOR ? NEWEST_MINOR : 0;
        return new Start(minor, asked != minor || !parameters.unknownOptions().isEmpty(), parameters);
    }
}
