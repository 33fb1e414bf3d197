package dev.banyan.engines;

import dev.banyan.topology.Secret;

/** What hides whom rate limits count, the same for all front doors of a site and from start to start: a file in {@code .banyan/secrets}. */
public final class LimitsSecret {
    private static final String NAME = "limits";

    private LimitsSecret() {}

    /** The one there is, or a new one. To be had by the holder of the folder's {@link SiteHold} only. */
    public static Secret made(StateFolder folder) {
        SecretFile file = SecretFile.of(folder, NAME);
        return file.read().orElseGet(file::create);
    }
}
