package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;

/**
 * What went wrong, as RFC 9457 says it; media type {@code application/problem+json}.
 *
 * @param title the kind, in words
 * @param status the HTTP status
 * @param detail one sentence with the thing, the numbers and the next step
 * @param code the {@link ErrorCode}, for programs
 */
record ProblemJson(String title, int status, String detail, String code) {
    static ProblemJson of(BanyanException e) {
        return new ProblemJson(e.code().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '), status(e.code()), e.getMessage(), e.code().name());
    }

    static ProblemJson of(int status, String detail) {
        return new ProblemJson(title(status), status, detail, "");
    }

    /** The face of each error in HTTP. */
    private static int status(ErrorCode code) {
        if (code == ErrorCode.NO_SUCH_THING) {
            return 404;
        }
        if (code == ErrorCode.BUSY) {
            return 409;
        }
        return switch (code.kind()) {
            case USER -> 400;
            case CONFIG -> 422;
            case PEER -> 502;
            case CAPACITY -> 503;
            case INTERNAL -> 500;
        };
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "bad request";
            case 401 -> "token needed";
            case 403 -> "forbidden";
            case 404 -> "not found";
            case 405 -> "method not allowed";
            case 413 -> "body too large";
            case 415 -> "unsupported media type";
            case 421 -> "misdirected request";
            case 503 -> "too many";
            default -> "internal error";
        };
    }
}
