package dev.banyan.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages as clients send them after their login. */
final class Sent {
    private Sent() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] int16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] message(char type, byte[]... content) {
        byte[] body = join(content);
        return raw(type, 4 + body.length, body);
    }

    /** A message that says that it has that length, whatever it has. */
    static byte[] raw(char type, int length, byte[]... content) {
        return join(new byte[] {(byte) type}, int32(length), join(content));
    }

    static byte[] query(String sql) {
        return message('Q', text(sql));
    }

    static byte[] parse(String name, String sql) {
        return message('P', text(name), text(sql), int16(0));
    }

    /** To the unnamed portal, with parameters as text. */
    static byte[] bind(String statement, String... parameters) {
        byte[] values = new byte[0];
        for (String parameter : parameters) {
            byte[] bytes = parameter.getBytes(StandardCharsets.UTF_8);
            values = join(values, int32(bytes.length), bytes);
        }
        return message('B', text(""), text(statement), int16(0), int16(parameters.length), values, int16(0));
    }

    static byte[] describe(char kind, String name) {
        return message('D', new byte[] {(byte) kind}, text(name));
    }

    static byte[] close(char kind, String name) {
        return message('C', new byte[] {(byte) kind}, text(name));
    }

    /** The unnamed portal, all of it. */
    static byte[] execute() {
        return execute(0);
    }

    static byte[] execute(int most) {
        return message('E', text(""), int32(most));
    }

    static byte[] sync() {
        return message('S');
    }

    static byte[] flush() {
        return message('H');
    }

    /** Parse, Bind, Describe, Execute and Sync of the unnamed statement. */
    static byte[] extended(String sql, String... parameters) {
        return join(parse("", sql), bind("", parameters), describe('P', ""), execute(), sync());
    }

    /** Bind, Execute and Sync of a statement that has a name. */
    static byte[] run(String name, String... parameters) {
        return join(bind(name, parameters), execute(), sync());
    }

    static byte[] copyData(String rows) {
        return message('d', rows.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] copyDone() {
        return message('c');
    }

    static byte[] copyFail(String why) {
        return message('f', text(why));
    }

    static byte[] functionCall() {
        return message('F', int32(1), int16(0), int16(0), int16(0));
    }

    static byte[] terminate() {
        return message('X');
    }
}
