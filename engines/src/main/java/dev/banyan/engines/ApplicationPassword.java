package dev.banyan.engines;

import dev.banyan.topology.Secret;
import java.util.Optional;

/** The password of an embedded database's application, for its owner: a file in {@code .banyan/secrets} that nobody else can read. */
public final class ApplicationPassword {
    private ApplicationPassword() {}

    /** @return empty when no embedded database of that user was made there */
    public static Optional<Secret> of(StateFolder folder, String user) {
        return user.matches("[a-z0-9_-]{1,70}") ? SecretFile.of(folder, "postgresql-" + user).read() : Optional.empty();
    }
}
