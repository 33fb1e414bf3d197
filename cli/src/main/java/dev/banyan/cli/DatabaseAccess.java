package dev.banyan.cli;

import dev.banyan.engines.ApplicationPassword;
import dev.banyan.engines.AttachedDatabase;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.engines.StateFolder;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a person gets at a running site's database: as the application, through the router. The password is where its owner may read it, in the state folder's
 * secrets or in the site file; it is never asked of the running site, whose admin API tells no secret.
 */
record DatabaseAccess(DatabaseEndpoint endpoint) {
    /** Of the site that runs there; empty when it has none. */
    static Optional<DatabaseAccess> find(Path stateFolder) {
        Running running = Running.in(stateFolder);
        return Optional.of(running.database()).filter(url -> !url.isEmpty()).map(url -> {
            DatabaseEndpoint open = AttachedDatabase.endpoints(new Secret(url)).getFirst();
            Secret password = ApplicationPassword.of(StateFolder.at(stateFolder), open.user()).or(() -> attached(Path.of(running.siteFile())))
                    .orElseThrow(() -> new BanyanException(ErrorCode.DISK, "the password of " + open + " cannot be read: only the user who ran 'banyan up' has it"));
            return new DatabaseAccess(new DatabaseEndpoint(open.address(), open.user(), password, open.database(), open.parameters()));
        });
    }

    /** @throws BanyanException SITE_IS_DOWN when no site runs there, NO_SUCH_THING when it has no database */
    static DatabaseAccess of(Path stateFolder) {
        return find(stateFolder).orElseThrow(() -> {
            Running running = Running.in(stateFolder);
            return new BanyanException(ErrorCode.NO_SUCH_THING, "the site " + running.site() + " has no database: write database: { kind: postgresql } in " + running.siteFile());
        });
    }

    private static Optional<Secret> attached(Path siteFile) {
        return SiteFile.read(siteFile, name -> Optional.ofNullable(System.getenv(name))).orThrow(siteFile.toString()).database().url()
                .map(url -> AttachedDatabase.endpoints(url).getFirst().password());
    }

    /** As the application gets them. */
    Map<String, Secret> variables() {
        return endpoint.variables();
    }
}
