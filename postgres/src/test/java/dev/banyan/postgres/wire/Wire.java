package dev.banyan.postgres.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Builds what clients send, right and wrong. */
final class Wire {
    static final byte[] SSL_REQUEST = packet(1234, 5679);
    static final byte[] GSS_REQUEST = packet(1234, 5680);

    private Wire() {}

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** With its length. */
    static byte[] packet(int major, int minor, byte[]... content) {
        byte[] body = join(content);
        return join(int32(8 + body.length), int32(major << 16 | minor), body);
    }

    /** Names and values in turn. */
    static byte[] start(int minor, String... parameters) {
        return packet(3, minor, utf8(String.join("\0", parameters) + "\0\0"));
    }

    static byte[] start(String... parameters) {
        return start(0, parameters);
    }

    static byte[] message(char type, byte[]... content) {
        byte[] body = join(content);
        return join(new byte[] {(byte) type}, int32(4 + body.length), body);
    }

    static byte[] saslInitial(String mechanism, String first) {
        return message('p', utf8(mechanism + "\0"), int32(first.length()), utf8(first));
    }
}
