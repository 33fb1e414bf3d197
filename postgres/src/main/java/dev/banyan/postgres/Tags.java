package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Command tags, as {@code INSERT 0 5} and {@code ALTER TABLE}. */
final class Tags {
    private static final byte[] ALTER = "ALTER ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALTER_DATABASE = "ALTER DATABASE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALTER_ROLE = "ALTER ROLE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CREATE_ROLE = "CREATE ROLE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DROP_ROLE = "DROP ROLE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DROP = "DROP ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CREATE_FUNCTION = "CREATE FUNCTION".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CREATE_VIEW = "CREATE VIEW".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEALLOCATE_ALL = "DEALLOCATE ALL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DISCARD_ALL = "DISCARD ALL".getBytes(StandardCharsets.US_ASCII);

    private Tags() {}

    /** What a command that is done means for what the router remembers of servers. */
    enum Meaning {
        NOTHING,
        /** Statements that were prepared before may give other columns now. */
        OTHER_SCHEMA,
        /** Connections that are opened from now on begin with other settings, or as another role of the same name. */
        OTHER_DEFAULTS,
        /** The connection has no prepared statement any more. */
        NO_STATEMENTS
    }

    /** Of a CommandComplete whose body is from..to. */
    static Meaning meaning(ByteBuf in, int from, int to) {
        return switch (in.getByte(from)) {
            case 'A' -> {
                boolean defaults = is(ALTER_DATABASE, in, from, to) || is(ALTER_ROLE, in, from, to);
                yield defaults ? Meaning.OTHER_DEFAULTS : is(ALTER, in, from, to) ? Meaning.OTHER_SCHEMA : Meaning.NOTHING;
            }
            case 'C' -> is(CREATE_VIEW, in, from, to) || is(CREATE_FUNCTION, in, from, to) ? Meaning.OTHER_SCHEMA : is(CREATE_ROLE, in, from, to) ? Meaning.OTHER_DEFAULTS : Meaning.NOTHING;
            case 'D' -> {
                boolean none = is(DEALLOCATE_ALL, in, from, to) || is(DISCARD_ALL, in, from, to);
                yield none ? Meaning.NO_STATEMENTS : is(DROP_ROLE, in, from, to) ? Meaning.OTHER_DEFAULTS : is(DROP, in, from, to) ? Meaning.OTHER_SCHEMA : Meaning.NOTHING;
            }
            default -> Meaning.NOTHING;
        };
    }

    private static boolean is(byte[] beginning, ByteBuf in, int from, int to) {
        if (to - from < beginning.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if (in.getByte(from + i) != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    /** How many rows a CommandComplete whose body is from..to speaks of; 0 when it names no number. */
    static long rows(ByteBuf in, int from, int to) {
        long rows = 0;
        long unit = 1;
        for (int i = to - 2; i >= from; i--) {
            byte c = in.getByte(i);
            if (c < '0' || c > '9') {
                return c == ' ' ? rows : 0;
            }
            rows += unit * (c - '0');
            unit *= 10;
        }
        return 0;
    }
}
