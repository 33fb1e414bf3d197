package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code global/pg_control} says of a server that does not run (PostgreSQL's src/include/catalog/pg_control.h): whether it was shut down
 * cleanly. The field follows the system's id (8 bytes) and two versions (4 bytes each).
 */
record ControlFile(int state) {
    private static final int STATE_AT = 16;
    private static final int SHUT_DOWN = 1;
    private static final int SHUT_DOWN_IN_RECOVERY = 2;

    static ControlFile of(Path data) {
        Path file = data.resolve("global/pg_control");
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length < STATE_AT + Integer.BYTES) {
                throw new IOException("it has " + bytes.length + " bytes");
            }
            return new ControlFile(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(STATE_AT));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + " cannot be read: " + Reason.of(e), e);
        }
    }

    boolean shutDown() {
        return state == SHUT_DOWN || state == SHUT_DOWN_IN_RECOVERY;
    }
}
