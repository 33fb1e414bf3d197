package dev.banyan.control.database;

/**
 * A replica that is being made; one at a time.
 *
 * @param source the server it is a copy of
 * @param since when it came this far, the clock's nanoseconds
 */
record Recruit(String name, String source, Progress progress, long since) {
    enum Progress {
        CLONING,
        CLONED,
        STARTED
    }

    Recruit at(Progress next, long now) {
        return new Recruit(name, source, next, now);
    }
}
