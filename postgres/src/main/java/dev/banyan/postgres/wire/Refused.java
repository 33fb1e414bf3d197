package dev.banyan.postgres.wire;

/** What the other side sent is refused, and why. Without a stack trace: strangers can cause it as often as they like. */
final class Refused extends Exception {
    private final transient PostgresError why;

    Refused(PostgresError why) {
        super(why.message(), null, false, false);
        this.why = why;
    }

    PostgresError why() {
        return why;
    }
}
