package dev.banyan.topology;

/** The world failed. The message names the thing, the numbers and the next step. */
public final class BanyanException extends RuntimeException {
    private final ErrorCode code;

    public BanyanException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public BanyanException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
