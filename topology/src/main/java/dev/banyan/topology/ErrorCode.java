package dev.banyan.topology;

/** Why something failed that is not our own bug; one file a protocol maps these to its face (HTTP status, exit code). */
public enum ErrorCode {
    USAGE(Kind.USER, false),
    BAD_SITE_FILE(Kind.CONFIG, false),
    PORT_IN_USE(Kind.CONFIG, false),
    MISSING_PREREQUISITE(Kind.CONFIG, false),
    SITE_IS_HELD(Kind.USER, false),
    SITE_IS_DOWN(Kind.USER, true),
    NO_SUCH_THING(Kind.USER, false),
    BUSY(Kind.CAPACITY, true),
    ENGINE_FAILED(Kind.PEER, true),
    APPLICATION_FAILED(Kind.PEER, true),
    TIMED_OUT(Kind.PEER, true),
    DISK(Kind.CAPACITY, false),
    INTERNAL(Kind.INTERNAL, false);

    /** Whose it is to mend. */
    public enum Kind {
        USER,
        CONFIG,
        PEER,
        CAPACITY,
        INTERNAL
    }

    private final Kind kind;
    private final boolean retryable;

    ErrorCode(Kind kind, boolean retryable) {
        this.kind = kind;
        this.retryable = retryable;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether trying the same again can help. */
    public boolean retryable() {
        return retryable;
    }
}
