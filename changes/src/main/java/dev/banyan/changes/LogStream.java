package dev.banyan.changes;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.postgresql.copy.CopyDual;

/**
 * Messages of the log, and what is said back of how far they are told (PostgreSQL's manual, "Streaming Replication Protocol"). Owned by one thread.
 */
final class LogStream {
    private static final int DATA_HEAD = 1 + 8 + 8 + 8;
    private static final int KEEPALIVE = 1 + 8 + 8 + 1;
    private static final int STATUS = 1 + 8 + 8 + 8 + 8 + 1;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final CopyDual copy;

    LogStream(CopyDual copy) {
        this.copy = copy;
    }

    /** What the server sends. */
    sealed interface Message {
        /** @param from where the plugin's message begins in {@code bytes} */
        record Data(byte[] bytes, int from) implements Message {}

        /** @param end all that was committed before it was sent already */
        record Keepalive(long end, boolean answer) implements Message {}
    }

    /** What is there already; null when nothing is. */
    Message poll() throws SQLException {
        return read(copy.readFromCopy(false));
    }

    /** The next, waited for. Null when the server has ended the stream. */
    Message next() throws SQLException {
        return read(copy.readFromCopy(true));
    }

    /** Whether the server may still send something. */
    boolean isOpen() {
        return copy.isActive();
    }

    /** Says up to where all is told: the server need not keep the log before. */
    void confirm(long told, Instant now) throws SQLException {
        ByteBuffer status = ByteBuffer.allocate(STATUS).put((byte) 'r');
        status.putLong(told).putLong(told).putLong(told);
        status.putLong(Duration.between(EPOCH, now).toNanos() / 1_000);
        status.put((byte) 0);
        copy.writeToCopy(status.array(), 0, STATUS);
        copy.flushCopy();
    }

    private static Message read(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        return switch (bytes.length == 0 ? 0 : bytes[0]) {
            case 'w' -> data(bytes);
            case 'k' -> keepalive(bytes);
            default -> throw new BadMessage("the replication stream has a message of " + bytes.length + " bytes that is neither data nor keepalive");
        };
    }

    private static Message data(byte[] bytes) {
        if (bytes.length < DATA_HEAD) {
            throw new BadMessage("the replication stream has data of " + bytes.length + " bytes, a head alone has " + DATA_HEAD);
        }
        return new Message.Data(bytes, DATA_HEAD);
    }

    private static Message keepalive(byte[] bytes) {
        if (bytes.length != KEEPALIVE) {
            throw new BadMessage("the replication stream has a keepalive of " + bytes.length + " bytes, not " + KEEPALIVE);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Message.Keepalive(in.getLong(1), in.get(KEEPALIVE - 1) != 0);
    }
}
