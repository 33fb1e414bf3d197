package dev.banyan.cache.journal;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;

/** Why an append fails, in words. */
final class Refusals {
    private Refusals() {}

    static BanyanException full(ByteSize most, PendingRows.Sizes sizes, Duration waited) {
        return new BanyanException(ErrorCode.BUSY, "the write-behind journal is full and the write waited " + waited.toMillis() + " ms for room (" + sizes.bytes() + " bytes in " + sizes.writes() + " writes to " + sizes.rows()
                + " rows, of at most " + most + "); see whether the database answers and keeps up, or raise cache.write-behind.journal");
    }

    static BanyanException tooLarge(long bytes, long most) {
        return new BanyanException(ErrorCode.USAGE, "a write of " + bytes + " bytes is more than the " + most + " that the write-behind journal takes at once; make the value smaller, or raise cache.write-behind.journal");
    }

    static BanyanException disk(Object where, Throwable cause) {
        return new BanyanException(ErrorCode.DISK, "the write-behind journal in " + where + " cannot be written (" + reason(cause) + "), so nothing is acknowledged; free or mend the disk, then it goes on by itself", cause);
    }

    static BanyanException closed(Object where) {
        return new BanyanException(ErrorCode.BUSY, "the write-behind journal in " + where + " is closed; the write was not taken, send it again when the cache router is back");
    }

    static BanyanException fenced(String owner) {
        return new BanyanException(ErrorCode.SITE_IS_HELD, "the write-behind journal is applied by another process (" + owner + "), so this one takes no more writes; its folder was copied: end one of the two");
    }

    static BanyanException unsettled(PendingRows.Sizes sizes) {
        return new BanyanException(ErrorCode.BUSY, "the write-behind journal holds " + sizes.writes() + " writes of an earlier run, and the database was not reached yet to say which of them it has; see whether the database answers");
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
