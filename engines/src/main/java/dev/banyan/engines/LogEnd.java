package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the log of a server ends that was shut down cleanly: behind its last checkpoint, the last record it wrote. The record's length is its first field
 * (PostgreSQL's src/include/access/xlogrecord.h), in the segment file of its place and timeline (src/include/access/xlog_internal.h).
 */
final class LogEnd {
    /** What initdb makes, and BASE_BACKUP copies. */
    private static final long SEGMENT = 16L << 20;
    private static final long SEGMENTS_PER_ID = (1L << 32) / SEGMENT;

    private LogEnd() {}

    /** Empty when it was not shut down cleanly as a primary. */
    static Optional<WalPosition> of(Path data) {
        ControlFile control = ControlFile.of(data);
        if (!control.shutDownAsPrimary()) {
            return Optional.empty();
        }
        long at = control.checkpoint().bytes();
        long segment = at / SEGMENT;
        Path file = data.resolve("pg_wal").resolve(String.format(Locale.ROOT, "%08X%08X%08X", control.timeline(), segment / SEGMENTS_PER_ID, segment % SEGMENTS_PER_ID));
        try (FileChannel log = FileChannel.open(file)) {
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            if (log.read(length, at % SEGMENT) < Integer.BYTES) {
                throw new IOException("it ends before " + control.checkpoint());
            }
            return Optional.of(new WalPosition(at + length.getInt(0)));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + ", the end of the log, cannot be read: " + Reason.of(e), e);
        }
    }
}
