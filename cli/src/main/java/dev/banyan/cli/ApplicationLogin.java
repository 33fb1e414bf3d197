package dev.banyan.cli;

import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.postgres.wire.KnownUsers;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.Users;
import dev.banyan.topology.Secret;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The application's user of the database, and those of {@code database.router.users-file}. The password of an embedded database is known once its first
 * server has been started: who comes before is told to come again. Safe for any thread.
 */
final class ApplicationLogin implements Users {
    private static final PostgresError STARTING = PostgresError.fatal("57P03", "the database is being started; try again in a moment");

    private final Map<String, Secret> others;
    private final Executor blocking;
    private final SecureRandom secrets;
    private volatile DatabaseEndpoint endpoint;
    private volatile Users users;

    /** @param others users and their secrets beside the application's */
    ApplicationLogin(Map<String, Secret> others, Executor blocking, SecureRandom secrets) {
        this.others = Map.copyOf(others);
        this.blocking = blocking;
        this.secrets = secrets;
    }

    /** From now on this is known; whatever server it is of, user and password are the same. */
    synchronized void is(DatabaseEndpoint application) {
        if (endpoint == null) {
            Map<String, Secret> all = new HashMap<>(others);
            all.put(application.user(), application.password());
            endpoint = application;
            users = new KnownUsers(all, blocking, secrets);
        }
    }

    /** Of any of the servers; empty before one was started. */
    Optional<DatabaseEndpoint> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    @Override
    public void find(String user, EventLoop loop, Consumer<Found> found) {
        Users known = users;
        if (known == null) {
            found.accept(new Found.Failed(STARTING));
        } else {
            known.find(user, loop, found);
        }
    }
}
