package dev.banyan.engines;

import dev.banyan.topology.Secret;

/** What edges show the front door, for the site's owner: a file in {@code .banyan/secrets} that nobody else can read. */
public final class EdgeSecret {
    private static final String NAME = "edge";

    private EdgeSecret() {}

    /** The one there is, or a new one. To be had by the holder of the folder's {@link SiteHold} only. */
    public static Secret made(StateFolder folder) {
        SecretFile file = SecretFile.of(folder, NAME);
        return file.read().orElseGet(file::create);
    }
}
