package dev.banyan.changes;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes messages of pgoutput as PostgreSQL's manual has them, right or wrong. */
final class LogBytes {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    LogBytes(char type) {
        out.write(type);
    }

    static byte[] begin(long lsn, Instant at, long xid) {
        return new LogBytes('B').eight(lsn).eight(ChronoUnit.MICROS.between(EPOCH, at)).four((int) xid).bytes();
    }

    static byte[] end(long lsn, long end) {
        return new LogBytes('C').one(0).eight(lsn).eight(end).eight(0).bytes();
    }

    /** @param columns names; those with a star in front are part of the replica identity */
    static byte[] relation(int id, String schema, String name, String... columns) {
        LogBytes relation = new LogBytes('R').four(id).name(schema).name(name).one('d').two(columns.length);
        for (String column : columns) {
            relation.one(column.startsWith("*") ? 1 : 0).name(column.replace("*", "")).four(25).four(-1);
        }
        return relation.bytes();
    }

    /** A row: null is NULL, "?" unchanged. */
    LogBytes tuple(char kind, String... values) {
        one(kind).two(values.length);
        for (String value : values) {
            if (value == null) {
                one('n');
            } else if (value.equals("?")) {
                one('u');
            } else {
                byte[] text = value.getBytes(StandardCharsets.UTF_8);
                one('t').four(text.length).raw(text);
            }
        }
        return this;
    }

    LogBytes one(int value) {
        out.write(value);
        return this;
    }

    LogBytes two(int value) {
        return one(value >> 8).one(value);
    }

    LogBytes four(int value) {
        return raw(ByteBuffer.allocate(4).putInt(value).array());
    }

    LogBytes eight(long value) {
        return raw(ByteBuffer.allocate(8).putLong(value).array());
    }

    LogBytes name(String name) {
        return raw(name.getBytes(StandardCharsets.UTF_8)).one(0);
    }

    LogBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
