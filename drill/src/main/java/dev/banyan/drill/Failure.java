package dev.banyan.drill;

import java.util.Locale;

/**
 * Why a request failed.
 *
 * @param status the HTTP status, with {@link Kind#STATUS} only; else 0
 */
record Failure(Kind kind, int status) {
    enum Kind {
        /** Nobody listens there. */
        CONNECT_REFUSED,
        /** The connection did not open within the timeout. */
        CONNECT_TIMEOUT,
        /** It did not open for another reason: no route, TLS handshake. */
        CONNECT_FAILED,
        /** The generator's own system is out of ports or file descriptors. */
        GENERATOR_EXHAUSTED,
        /** No free connection or user within the timeout, or too many waiting already: never sent. */
        DROPPED_BY_GENERATOR,
        /** The connection was reset, or broke while the request was written. */
        RESET,
        /** The connection was closed in order before the first byte of the answer. */
        CLOSED_BEFORE_ANSWER,
        /** The connection was closed in order within the answer. */
        HALF_ANSWER,
        /** The answer was not complete within the timeout. */
        TIMEOUT,
        /** Status 400 to 599. */
        STATUS,
        /** What came is not an HTTP/1 answer. */
        NOT_HTTP,
        /** An answer that nobody asked for, on a connection between two requests. */
        UNSOLICITED_ANSWER,
        /** A whole answer with a body of another length than was to come. */
        WRONG_LENGTH,
        /** A whole answer with another body than was to come. */
        WRONG_BODY
    }

    static Failure of(Kind kind) {
        return new Failure(kind, 0);
    }

    static Failure status(int status) {
        return new Failure(Kind.STATUS, status);
    }

    /** The key in {@code by_kind}: {@code reset}, {@code status_503}. */
    String key() {
        return kind == Kind.STATUS ? "status_" + status : kind.name().toLowerCase(Locale.ROOT);
    }
}
