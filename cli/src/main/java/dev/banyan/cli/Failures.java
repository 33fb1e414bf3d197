package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;

/** What went wrong, as exit codes and sentences: the command line's face of {@link ErrorCode}. */
final class Failures {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private Failures() {}

    static int code(ErrorCode code) {
        return switch (code) {
            case USAGE, BAD_SITE_FILE -> USAGE;
            case PORT_IN_USE, MISSING_PREREQUISITE, SITE_IS_HELD, SITE_IS_DOWN, NO_SUCH_THING, BUSY, ENGINE_FAILED, APPLICATION_FAILED, TIMED_OUT,
                    DISK, INTERNAL -> FAILED;
        };
    }

    /** Says it on stderr, and gives the exit code. A stack trace is for our own bugs only. */
    static int tell(Exception failure, Terminal terminal) {
        if (failure instanceof BanyanException known) {
            terminal.problem(known.getMessage());
            return code(known.code());
        }
        terminal.problem("a bug in Banyan: " + failure + "; please report it with the lines below");
        failure.printStackTrace(terminal.err());
        return FAILED;
    }
}
