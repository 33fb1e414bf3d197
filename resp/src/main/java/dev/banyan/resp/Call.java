package dev.banyan.resp;

import dev.banyan.resp.wire.Arguments;
import dev.banyan.resp.wire.CommandScanner;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A command that lies in a buffer. One object a session, which is set to each command anew. Owned by one IO loop. */
final class Call implements Arguments {
    private ByteBuf in;
    private CommandScanner scanner;

    /** Is this command from now on. */
    void at(ByteBuf buffer, CommandScanner found) {
        in = buffer;
        scanner = found;
    }

    @Override
    public int count() {
        return scanner.count();
    }

    @Override
    public int length(int argument) {
        return scanner.length(argument);
    }

    @Override
    public byte at(int argument, int index) {
        return in.getByte(scanner.start(argument) + index);
    }

    /** Of a command that is not whole, the arguments that are. */
    int known() {
        return scanner.known();
    }

    ByteBuf buffer() {
        return in;
    }

    /** Where the command begins in the buffer. */
    int start() {
        return in.readerIndex();
    }

    /** How many bytes the whole command has. */
    int size() {
        return scanner.end() - in.readerIndex();
    }

    void copy(int argument, byte[] into) {
        in.getBytes(scanner.start(argument), into, 0, scanner.length(argument));
    }

    byte[] bytes(int argument) {
        byte[] copy = new byte[scanner.length(argument)];
        copy(argument, copy);
        return copy;
    }

    byte[][] all() {
        byte[][] arguments = new byte[scanner.count()][];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = bytes(i);
        }
        return arguments;
    }

    String text(int argument) {
        return new String(bytes(argument), StandardCharsets.UTF_8);
    }

    /** A keyword, in capitals. */
    String word(int argument) {
        return text(argument).toUpperCase(Locale.ROOT);
    }
}
