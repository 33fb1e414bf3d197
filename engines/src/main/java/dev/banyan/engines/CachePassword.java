package dev.banyan.engines;

import dev.banyan.topology.Secret;
import java.util.Optional;

/** The password of the cache router's clients, for its owner: a file in {@code .banyan/secrets} that nobody else can read. */
public final class CachePassword {
    private static final String NAME = "redis";

    private CachePassword() {}

    /** @return empty when the cache was never opened there */
    public static Optional<Secret> of(StateFolder folder) {
        return SecretFile.of(folder, NAME).read();
    }

    /** The one there is, or a new one. To be had by the holder of the folder's {@link SiteHold} only. */
    public static Secret made(StateFolder folder) {
        return of(folder).orElseGet(() -> SecretFile.of(folder, NAME).create());
    }
}
