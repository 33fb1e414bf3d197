package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;

/**
 * Finds the next command of a client in a buffer, where it lies. Owned by one loop. Looks at each byte once however they come in, skips the
 * bytes of arguments, and allocates nothing for a command that is not inline.
 *
 * <p>It reads as Redis does ({@code processMultibulkBuffer} and {@code processInlineBuffer} of its {@code networking.c}) and tells a fault in
 * the same words; only, CR LF must stand where Redis skips two bytes unseen, so that a node never sees other commands in the bytes than
 * the router.
 */
public final class CommandScanner implements Arguments {
    /** {@code $0}, CR LF twice. */
    private static final int LEAST_ARGUMENT = 6;

    private final LineNumber number = new LineNumber();
    private final Places places = new Places();
    private Caps caps;
    private ByteBuf in;
    private Step step = Step.FIRST;
    /** The reader's index that all offsets are from. */
    private int base;
    /** The first byte not looked at yet. */
    private long at;
    /** Of the line that tells an argument's length. */
    private long lineStart;
    /** Of an argument's bytes, CR LF not counted. */
    private long argumentEnd;
    private int count;
    private int known;
    private byte[][] inline;
    private String problem;

    public CommandScanner(Caps caps) {
        this.caps = caps;
    }

    /**
     * What a client may send at most.
     *
     * @param argument bytes of one argument
     * @param arguments of one command
     * @param inline bytes of a line: an inline command, or a number
     */
    public record Caps(int argument, int arguments, int inline) {
        /** Redis's for a client that has not shown who it is. */
        public static final Caps UNAUTHENTICATED = new Caps(16_384, 10, 1 << 16);
    }

    public enum Found { COMMAND, MORE, INVALID }

    private enum Step { FIRST, COUNT, KIND, LENGTH, ARGUMENT, INLINE, WHOLE, INVALID }

    /** Other caps hold for lengths to come, as once a client has shown who it is. */
    public void caps(Caps others) {
        caps = others;
    }

    /** Looks at what has come in since, beginning at the reader's index. Empty commands are skipped. */
    public Found next(ByteBuf buffer) {
        in = buffer;
        base = in.readerIndex();
        if (step == Step.WHOLE) {
            begin();
        }
        while (true) {
            boolean moved = switch (step) {
                case FIRST -> first();
                case COUNT -> announced();
                case KIND -> kind();
                case LENGTH -> size();
                case ARGUMENT -> argument();
                case INLINE -> line();
                case WHOLE, INVALID -> false;
            };
            if (!moved) {
                return step == Step.WHOLE ? Found.COMMAND : step == Step.INVALID ? Found.INVALID : Found.MORE;
            }
        }
    }

    private void begin() {
        step = Step.FIRST;
        at = 0;
        count = 0;
        known = 0;
        inline = null;
        places.clear();
    }

    private boolean first() {
        if (!in.isReadable()) {
            return false;
        }
        if (in.getByte(base) != '*') {
            return to(Step.INLINE);
        }
        at = 1;
        return shortNumber() ? counted() : to(Step.COUNT);
    }

    private boolean announced() {
        boolean ended = number();
        if (number.bytes() > caps.inline) {
            return invalid("too big mbulk count string");
        }
        return ended && counted();
    }

    private boolean counted() {
        if (number.wrong() || number.value() > caps.arguments) {
            return invalid(tooLong() + " multibulk length");
        }
        if (number.value() <= 0) {
            return skip();
        }
        count = (int) number.value();
        return to(Step.KIND);
    }

    private boolean kind() {
        if (at >= in.readableBytes()) {
            return false;
        }
        byte kind = in.getByte(base + (int) at);
        if (kind != '$') {
            return invalid("expected '$', got '" + (char) (kind & 0xff) + "'");
        }
        lineStart = at++;
        return shortNumber() ? sized() : to(Step.LENGTH);
    }

    private boolean size() {
        boolean ended = number();
        if (number.bytes() > caps.inline) {
            return invalid("too big bulk count string");
        }
        return ended && sized();
    }

    private boolean sized() {
        if (number.wrong() || number.value() < 0 || number.value() > caps.argument) {
            return invalid(tooLong() + " bulk length");
        }
        argumentEnd = at + number.value();
        return to(Step.ARGUMENT);
    }

    private String tooLong() {
        return caps == Caps.UNAUTHENTICATED && !number.wrong() && number.value() > 0 ? "unauthenticated" : "invalid";
    }

    /** Begins a number; whether it is read already. */
    private boolean shortNumber() {
        int end = number.beginShort(in, base + (int) at, in.writerIndex());
        if (end < 0) {
            return false;
        }
        at = end - base;
        return true;
    }

    /** Whether the line with a number has ended. */
    private boolean number() {
        int end = number.read(in, base + (int) at, in.writerIndex());
        at = (end < 0 ? in.writerIndex() : end) - base;
        return end >= 0;
    }

    private boolean argument() {
        if (in.readableBytes() < argumentEnd + 2) {
            return false;
        }
        int end = base + (int) argumentEnd;
        if (in.getByte(end) != '\r' || in.getByte(end + 1) != '\n') {
            return invalid("expected CR LF after an argument of " + number.value() + " bytes");
        }
        places.add((int) (argumentEnd - number.value()), (int) number.value());
        known++;
        at = argumentEnd + 2;
        return to(known == count ? Step.WHOLE : Step.KIND);
    }

    private boolean line() {
        int end = in.indexOf(base + (int) at, in.writerIndex(), (byte) '\n');
        at = (end < 0 ? in.writerIndex() : end + 1) - base;
        if (at > caps.inline) {
            return invalid("too big inline request");
        }
        if (end < 0) {
            return false;
        }
        inline = InlineCommand.split(in, base, end);
        if (inline == null) {
            return invalid("unbalanced quotes in request");
        }
        count = inline.length;
        known = inline.length;
        return count == 0 ? skip() : to(Step.WHOLE);
    }

    private boolean skip() {
        in.readerIndex(base + (int) at);
        base = in.readerIndex();
        begin();
        return true;
    }

    private boolean to(Step next) {
        step = next;
        return true;
    }

    private boolean invalid(String what) {
        problem = "Protocol error: " + what;
        step = Step.INVALID;
        return false;
    }

    /** Of the command found. */
    public int arguments() {
        return known;
    }

    /** How many the command has in all, as soon as its first line is in; 0 before. */
    @Override
    public int count() {
        return count;
    }

    /** How many arguments are whole. */
    public int known() {
        return known;
    }

    /** The index in the buffer of an argument's first byte: one that is whole, of a command not inline, of which nothing was taken out. */
    public int start(int argument) {
        return base + places.start(argument);
    }

    @Override
    public int length(int argument) {
        return inline == null ? places.length(argument) : inline[argument].length;
    }

    @Override
    public byte at(int argument, int index) {
        return inline == null ? in.getByte(start(argument) + index) : inline[argument][index];
    }

    /** The index behind the command found. */
    public int end() {
        return base + (int) at;
    }

    public boolean inline() {
        return inline != null;
    }

    /** The arguments of an inline command, unquoted; null for another. */
    public byte[][] inlineArguments() {
        return inline;
    }

    /** Bytes of the command that have not come in, at least: all of the argument that is coming and the least that the others can have. */
    public long missing() {
        return switch (step) {
            case ARGUMENT -> argumentEnd + 2 - in.readableBytes() + (long) (count - known - 1) * LEAST_ARGUMENT;
            case KIND -> (long) (count - known) * LEAST_ARGUMENT;
            case LENGTH -> Math.max(1, (long) (count - known) * LEAST_ARGUMENT - (at - lineStart));
            case FIRST, COUNT, INLINE -> 1;
            case WHOLE, INVALID -> 0;
        };
    }

    /** While a command is not whole: how many of the readable bytes are surely its own and can be taken out; see {@link #taken}. */
    public int pass(ByteBuf buffer) {
        return switch (step) {
            case FIRST, COUNT, INLINE, INVALID -> 0;
            case KIND, WHOLE -> (int) at;
            case LENGTH -> (int) lineStart;
            case ARGUMENT -> (int) Math.min(buffer.readableBytes(), argumentEnd);
        };
    }

    /** The caller has read that many bytes of a command that is not whole out of the buffer: where its arguments were is forgotten. */
    public void taken(int bytes) {
        at -= bytes;
        lineStart -= bytes;
        argumentEnd -= bytes;
        if (bytes > 0) {
            places.forget();
        }
    }

    /** What is wrong, in Redis's words, without {@code ERR}. Nothing behind it can be understood. */
    public String problem() {
        return problem;
    }
}
