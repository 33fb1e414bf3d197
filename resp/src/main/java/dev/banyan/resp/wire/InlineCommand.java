package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A command typed as a line, split as Redis does ({@code sdssplitargs} of its {@code sds.c}): in spaces, with quotes. */
final class InlineCommand {
    private static final int END = -1;

    private final ByteBuf in;
    private final int end;
    private final ByteArrayOutputStream argument = new ByteArrayOutputStream();
    private int at;

    private InlineCommand(ByteBuf in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /** The arguments between two indexes, of which the second is the line feed's; null when a quote is not closed, or closed inside a word. */
    static byte[][] split(ByteBuf in, int from, int lineFeed) {
        int end = lineFeed > from && in.getByte(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
        var line = new InlineCommand(in, from, end);
        List<byte[]> arguments = new ArrayList<>();
        while (line.hasNext()) {
            if (!line.word()) {
                return null;
            }
            arguments.add(line.argument.toByteArray());
        }
        return arguments.toArray(byte[][]::new);
    }

    private boolean hasNext() {
        while (at < end && space(peek(0))) {
            at++;
        }
        return at < end;
    }

    private boolean word() {
        argument.reset();
        while (at < end && !endsWord(peek(0))) {
            int next = in.getByte(at++);
            if (next == '"' || next == '\'') {
                return (next == '"' ? doubleQuoted() : singleQuoted()) && (at == end || space(peek(0)));
            }
            argument.write(next);
        }
        return true;
    }

    private boolean doubleQuoted() {
        while (at < end) {
            int next = in.getByte(at++);
            if (next == '"') {
                return true;
            }
            argument.write(next == '\\' && at < end ? escaped() : next);
        }
        return false;
    }

    /** The byte that what stands behind a backslash means. */
    private int escaped() {
        int next = in.getByte(at++);
        if (next == 'x' && hex(peek(0)) >= 0 && hex(peek(1)) >= 0) {
            at += 2;
            return hex(peek(-2)) << 4 | hex(peek(-1));
        }
        return switch (next) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> next;
        };
    }

    private boolean singleQuoted() {
        while (at < end) {
            int next = in.getByte(at++);
            if (next == '\'') {
                return true;
            }
            if (next == '\\' && peek(0) == '\'') {
                next = in.getByte(at++);
            }
            argument.write(next);
        }
        return false;
    }

    private int peek(int ahead) {
        return at + ahead < end ? in.getByte(at + ahead) : END;
    }

    private static int hex(int letter) {
        return letter == END ? -1 : Character.digit((char) letter, 16);
    }

    private static boolean endsWord(int letter) {
        return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
    }

    /** C's {@code isspace}, which is more than what ends a word. */
    private static boolean space(int letter) {
        return letter == ' ' || letter >= '\t' && letter <= '\r';
    }
}
