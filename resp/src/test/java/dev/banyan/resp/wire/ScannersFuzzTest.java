package dev.banyan.resp.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes of a client and of a node (docs/fuzzing.md): the same is found however they come in, and what the slow parsers find. Seeds are
 * replayed with the tests; {@code JAZZER_FUZZ=1} explores one target a run.
 */
class ScannersFuzzTest {
    private static final CommandScanner.Caps CAPS = new CommandScanner.Caps(1000, 50, 200);
    private static final int DEPTH = 6;

    @FuzzTest(maxDuration = "2m")
    void commands(byte[] bytes) {
        List<String> wanted = SlowCommands.read(bytes, CAPS);
        for (int[] pieces : Cut.ways(bytes.length, bytes.length)) {
            same(wanted, FastCommands.read(bytes, pieces, CAPS));
            same(FastCommands.endsOf(wanted), FastCommands.ends(bytes, pieces, CAPS));
        }
        calls(bytes);
    }

    /** Each command that there is has keys among its arguments or none. */
    private static void calls(byte[] bytes) {
        var scanner = new CommandScanner(CAPS);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        int[] keys = new int[CAPS.arguments()];
        while (scanner.next(in) == CommandScanner.Found.COMMAND) {
            Command command = CommandTable.builtIn().find(scanner);
            int found = command == null ? 0 : CommandTable.builtIn().keys(command, scanner, keys);
            require(found >= -1 && found <= scanner.count(), "more keys than arguments");
            for (int i = 0; i < found; i++) {
                require(keys[i] > 0 && keys[i] < scanner.count(), "a key outside of the command");
            }
            in.readerIndex(scanner.end());
        }
    }

    @FuzzTest(maxDuration = "2m")
    void replies(byte[] bytes) {
        List<String> wanted = SlowReplies.read(bytes, DEPTH);
        for (int[] pieces : Cut.ways(bytes.length, bytes.length)) {
            same(wanted, FastReplies.read(bytes, pieces, DEPTH, false));
            same(wanted, FastReplies.read(bytes, pieces, DEPTH, true));
        }
        values(bytes);
    }

    /** Each answer that there is reads as long as it was found to be, and is written so that it reads the same. */
    private static void values(byte[] bytes) {
        var scanner = new ReplyScanner(DEPTH);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        try {
            while (scanner.scan(in)) {
                int end = in.readerIndex() + scanner.length();
                Reply reply = ReplyReader.read(in);
                require(in.readerIndex() == end, "the reader ends elsewhere than the scanner");
                byte[] once = written(reply);
                require(Arrays.equals(once, written(ReplyReader.read(Unpooled.wrappedBuffer(once)))), "it is written otherwise the second time");
                CommandTable.of(reply);
            }
        } catch (ProtocolFault e) {
            // what a node must not say, or what is no answer to COMMAND
        }
    }

    private static byte[] written(Reply reply) {
        ByteBuf out = Unpooled.buffer();
        ReplyWriter.write(reply, 3, out);
        return ByteBufUtil.getBytes(out);
    }

    private static void same(List<String> wanted, List<String> found) {
        require(wanted.equals(found), "slowly " + wanted + ", but fast " + found);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
