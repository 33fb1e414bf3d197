package dev.banyan.changes;

/** What came is not the log's protocol. The session ends and begins anew; what was not told whole is told again. */
final class BadMessage extends RuntimeException {
    BadMessage(String message) {
        super(message);
    }
}
