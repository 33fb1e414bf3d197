package dev.banyan.postgres;

import dev.banyan.postgres.wire.Users;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often something changed, through this router, that server connections may have remembered otherwise: each connection compares with
 * what it knew last. Safe for any thread.
 */
final class Generations {
    private final Users users;
    private volatile Runnable listener = () -> { };
    private final AtomicInteger schema = new AtomicInteger();
    private final AtomicInteger defaults = new AtomicInteger();

    Generations(Users users) {
        this.users = users;
    }

    /** Of tables and views: prepared statements of an earlier one are out of date. */
    int schema() {
        return schema.get();
    }

    /** Of the settings that sessions begin with: connections of an earlier one are not used again. */
    int defaults() {
        return defaults.get();
    }

    void whenSchemaChanges(Runnable task) {
        listener = task;
    }

    void schemaChanged() {
        schema.incrementAndGet();
        listener.run();
    }

    void defaultsChanged() {
        defaults.incrementAndGet();
        users.changed();
    }
}
