package dev.banyan.cli;

import dev.banyan.engines.CachePassword;
import dev.banyan.engines.StateFolder;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How the application, and a person, get at a running site's cache: through its router, with a password that is where its owner may read it.
 *
 * @param tls whether the router speaks nothing else
 */
record CacheAccess(HostPort address, boolean tls, Secret password) {
    private static final String PLAIN = "redis://";
    private static final String WITH_TLS = "rediss://";

    /** Of the site that runs there; empty while it uses no cache. */
    static Optional<CacheAccess> find(Path stateFolder) {
        return Optional.of(Running.in(stateFolder).cache()).filter(url -> !url.isEmpty()).map(url -> {
            Secret password = CachePassword.of(StateFolder.at(stateFolder)).orElseThrow(() -> new BanyanException(ErrorCode.DISK,
                    "the password of the cache at " + url + " cannot be read: only the user who ran 'banyan up' has it"));
            boolean tls = url.startsWith(WITH_TLS);
            return new CacheAccess(HostPort.parse(url.substring((tls ? WITH_TLS : PLAIN).length()), ""), tls, password);
        });
    }

    /** @throws BanyanException SITE_IS_DOWN when no site runs there, NO_SUCH_THING when it uses no cache */
    static CacheAccess of(Path stateFolder) {
        return find(stateFolder).orElseThrow(() -> {
            Running running = Running.in(stateFolder);
            return new BanyanException(ErrorCode.NO_SUCH_THING, "the site " + running.site() + " uses no cache now: write cache: { kind: redis } in " + running.siteFile()
                    + " and start it anew, then 'banyan grow --to 5'");
        });
    }

    /** As the application gets them. */
    Map<String, Secret> variables() {
        return Map.of("REDIS_URL", new Secret((tls ? WITH_TLS : PLAIN) + ":" + password.reveal() + "@" + address));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return (tls ? WITH_TLS : PLAIN) + address;
    }
}
