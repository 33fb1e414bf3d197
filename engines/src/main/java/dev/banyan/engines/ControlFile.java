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
 * cleanly, and where its last checkpoint begins. The state follows the system's id (8 bytes) and two versions (4 bytes each); after it come, each
 * of 8 bytes and aligned, the time, the checkpoint's place, and of its copy the redo place and the timeline (4 bytes).
 */
record ControlFile(int state, WalPosition checkpoint, int timeline) {
    private static final int STATE_AT = 16;
    private static final int CHECKPOINT_AT = 32;
    private static final int TIMELINE_AT = 48;
    private static final int LENGTH = 52;
    private static final int SHUT_DOWN = 1;
    private static final int SHUT_DOWN_IN_RECOVERY = 2;

    static ControlFile of(Path data) {
        Path file = data.resolve("global/pg_control");
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length < LENGTH) {
                throw new IOException("it has " + bytes.length + " bytes");
            }
            ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            return new ControlFile(fields.getInt(STATE_AT), new WalPosition(fields.getLong(CHECKPOINT_AT)), fields.getInt(TIMELINE_AT));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + " cannot be read: " + Reason.of(e), e);
        }
    }

    boolean shutDownAsPrimary() {
        return state == SHUT_DOWN;
    }

    boolean shutDown() {
        return state == SHUT_DOWN || state == SHUT_DOWN_IN_RECOVERY;
    }
}
