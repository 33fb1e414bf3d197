package dev.banyan.postgres.sql;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as a statement (docs/fuzzing.md): read without a failure, the same from heap and direct memory and whatever lies around them. */
class StatementFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void statement(byte[] bytes) {
        for (boolean standardStrings : new boolean[] {true, false}) {
            Statement whole = read(Unpooled.wrappedBuffer(bytes), 0, bytes.length, standardStrings);
            ByteBuf around = Unpooled.directBuffer(bytes.length + 6).writeBytes(new byte[] {'\'', '(', ';'}).writeBytes(bytes).writeBytes(new byte[] {'*', '/', '\''});
            require(whole.equals(read(around, 3, 3 + bytes.length, standardStrings)), "what lies around the bytes matters");
            require(whole.whyNot().isEmpty() == whole.readsOnly(), "a verdict without its reason");
            require(!whole.readsOnly() || whole.settings().isEmpty() && (whole.pins() & ~Pin.PREPARED_BY_SQL.bit()) == 0, "a read leaves something behind");
        }
    }

    private static Statement read(ByteBuf text, int from, int to, boolean standardStrings) {
        try {
            CachedStatementReader reader = Texts.reader(Catalogue.NONE);
            Statement first = reader.read(text, from, to, standardStrings);
            require(first.equals(reader.read(text, from, to, standardStrings)), "it is read otherwise the second time");
            return first;
        } finally {
            text.release();
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
