package dev.banyan.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The messages of type {@code R}: what a server asks of a client, by the number behind the length (PostgreSQL's manual, 53.7). */
final class AuthenticationRequest {
    static final byte TYPE = 'R';
    static final int OK = 0;
    static final int CLEARTEXT = 3;
    static final int MD5 = 5;
    static final int SASL = 10;
    static final int SASL_CONTINUE = 11;
    static final int SASL_FINAL = 12;

    private AuthenticationRequest() {}

    static void writeOk(ByteBuf out) {
        write(out, OK, new byte[0]);
    }

    static void writeMd5(ByteBuf out, byte[] salt) {
        write(out, MD5, salt);
    }

    static void writeSasl(ByteBuf out, List<String> mechanisms) {
        write(out, SASL, ScramMessage.bytes(String.join("\0", mechanisms) + "\0\0"));
    }

    /** @param which {@link #SASL_CONTINUE} or {@link #SASL_FINAL} */
    static void writeSasl(ByteBuf out, int which, String message) {
        write(out, which, ScramMessage.bytes(message));
    }

    private static void write(ByteBuf out, int which, byte[] content) {
        out.writeByte(TYPE).writeInt(2 * Integer.BYTES + content.length).writeInt(which).writeBytes(content);
    }

    /** NegotiateProtocolVersion: which version is spoken instead, and which protocol options are not known. */
    static void writeNegotiation(ByteBuf out, int minor, List<String> unknownOptions) {
        int start = out.writeByte('v').writerIndex();
        // The manual says "minor version"; what servers send and libpq reads is the whole one.
        out.writeInt(0).writeShort(3).writeShort(minor).writeInt(unknownOptions.size());
        for (String option : unknownOptions) {
            out.writeCharSequence(option, StandardCharsets.UTF_8);
            out.writeByte(0);
        }
        out.setInt(start, out.writerIndex() - start);
    }
}
