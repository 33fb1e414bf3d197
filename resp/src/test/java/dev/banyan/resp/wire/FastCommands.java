package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a {@link CommandScanner} says of bytes that come in by and by, in the words of {@link SlowCommands}; checks what it says meanwhile. */
final class FastCommands {
    private final CommandScanner scanner;
    private final List<String> said = new ArrayList<>();
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int read;

    private final boolean takesAtOnce;

    private FastCommands(CommandScanner.Caps caps, boolean takesAtOnce) {
        this.scanner = new CommandScanner(caps);
        this.takesAtOnce = takesAtOnce;
    }

    static List<String> read(byte[] bytes, int[] pieces, CommandScanner.Caps caps) {
        return new FastCommands(caps, false).read(bytes, pieces);
    }

    /** Only where commands end, their bytes being taken out of the buffer as soon as they can be; see {@link #endsOf}. */
    static List<String> ends(byte[] bytes, int[] pieces, CommandScanner.Caps caps) {
        return new FastCommands(caps, true).read(bytes, pieces);
    }

    /** The same of what {@link SlowCommands} said. */
    static List<String> endsOf(List<String> said) {
        return said.stream().map(each -> each.replaceFirst("(?s).*(@[0-9]+)$", "$1")).toList();
    }

    private List<String> read(byte[] bytes, int[] pieces) {
        int at = 0;
        boolean goesOn = true;
        for (int i = 0; i < pieces.length && goesOn; i++) {
            held = Cut.add(held, bytes, at, pieces[i]);
            at += pieces[i];
            goesOn = takeAll();
        }
        if (goesOn) {
            said.add("more");
        }
        held.release();
        return said;
    }

    private boolean takeAll() {
        while (true) {
            int before = held.readerIndex();
            CommandScanner.Found found = scanner.next(held);
            read += held.readerIndex() - before;
            if (found != CommandScanner.Found.COMMAND) {
                checkUnfinished(found);
                return found == CommandScanner.Found.MORE;
            }
            take();
        }
    }

    private void take() {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < scanner.arguments() && !takesAtOnce; i++) {
            arguments.add(argument(i));
        }
        require(scanner.count() == scanner.arguments() && scanner.missing() == 0, "a whole command lacks something");
        read += scanner.end() - held.readerIndex();
        held.readerIndex(scanner.end());
        said.add(String.join(",", arguments) + "@" + read);
    }

    private String argument(int i) {
        byte[] bytes = new byte[scanner.length(i)];
        for (int j = 0; j < bytes.length; j++) {
            bytes[j] = scanner.at(i, j);
        }
        if (!scanner.inline()) {
            require(held.toString(scanner.start(i), scanner.length(i), StandardCharsets.ISO_8859_1).equals(new String(bytes, StandardCharsets.ISO_8859_1)), "two readings of an argument");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void checkUnfinished(CommandScanner.Found found) {
        if (found == CommandScanner.Found.INVALID) {
            said.add(scanner.problem());
            return;
        }
        require(scanner.missing() > 0, "nothing is missing, but no command is there");
        require(scanner.pass(held) >= 0 && scanner.pass(held) <= held.readableBytes(), "more than there is belongs to the command");
        if (takesAtOnce) {
            int pass = scanner.pass(held);
            held.skipBytes(pass);
            scanner.taken(pass);
            read += pass;
            require(scanner.pass(held) == 0, "a command is taken out by halves");
            return;
        }
        for (int i = 0; i < scanner.known(); i++) {
            argument(i);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
