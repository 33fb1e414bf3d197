package dev.banyan.postgres.sql;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Readers and texts for tests. */
final class Texts {
    static final long SEED = 0x5eed;

    private Texts() {}

    static CachedStatementReader reader(Catalogue catalogue) {
        return new CachedStatementReader(() -> catalogue, 1_000, SEED);
    }

    static Statement read(CachedStatementReader reader, String sql, boolean standardStrings) {
        ByteBuf text = Unpooled.copiedBuffer(sql, StandardCharsets.UTF_8);
        try {
            return reader.read(text, 0, text.readableBytes(), standardStrings);
        } finally {
            text.release();
        }
    }

    static Statement read(String sql) {
        return read(reader(Catalogue.NONE), sql, true);
    }
}
