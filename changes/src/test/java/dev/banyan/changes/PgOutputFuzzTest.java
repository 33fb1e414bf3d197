package dev.banyan.changes;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Any bytes as messages of the log (docs/fuzzing.md): read, or refused as bad; what is read can be looked at whole. */
class PgOutputFuzzTest {
    /** Each message has its length in two bytes before it. */
    @FuzzTest(maxDuration = "2m")
    void messages(byte[] bytes) {
        Assembler assembler = new Assembler();
        assembler.add(LogBytes.relation(7, "public", "t", "*id", "name"), 0);
        int at = 0;
        while (at + 2 <= bytes.length) {
            int length = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
            byte[] message = Arrays.copyOfRange(bytes, at + 2, Math.min(bytes.length, at + 2 + length));
            try {
                assembler.add(message, 0).ifPresent(PgOutputFuzzTest::look);
            } catch (BadMessage refused) {
                if (refused.getMessage().length() > 1_000) {
                    throw new AssertionError("a refusal says too much");
                }
            }
            at += 2 + length;
        }
    }

    private static void look(Told.Part part) {
        for (Change change : part.changes()) {
            switch (change) {
                case Change.Inserted inserted -> look(inserted.row());
                case Change.Updated updated -> {
                    look(updated.old());
                    look(updated.row());
                }
                case Change.Deleted deleted -> look(deleted.old());
                case Change.Truncated _ -> { /* has nothing */ }
            }
        }
    }

    private static void look(Map<String, Optional<String>> row) {
        int seen = 0;
        for (Map.Entry<String, Optional<String>> column : row.entrySet()) {
            // Of two columns of one name, which no table has, the last is found.
            if (!row.containsKey(column.getKey()) && row.get(column.getKey()) != null) {
                throw new AssertionError("a column is there and is not");
            }
            seen++;
        }
        if (seen != row.size()) {
            throw new AssertionError("a row of " + row.size() + " columns has " + seen);
        }
    }
}
