package dev.banyan.control;

import dev.banyan.topology.Database;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.List;

/**
 * The site that shall run: a site file's site at a stage, which may be another than the file's.
 *
 * @param site the site file's site, at the wanted stage
 * @param file what the site file itself says about size
 */
public record Wanted(Topology site, Commitment.Wish file) {
    /** As the site file says. */
    public static Wanted of(Topology file) {
        return new Wanted(file, Commitment.Wish.of(file));
    }

    /** The same site at another stage. */
    public Wanted at(Stage stage) {
        return new Wanted(site.at(stage), file);
    }

    public Stage stage() {
        return site.stage();
    }

    /** The application and the services, by name; the application first. */
    public List<String> services() {
        return List.copyOf(site.applications().sequencedKeySet());
    }

    /** How many instances of all commands run; 0 when all servers run already. */
    public int instances() {
        return services().stream().mapToInt(site::instances).sum();
    }

    /** The running servers that get requests. */
    public List<ServiceServer> servers() {
        return services().stream().flatMap(service -> site.servers(service).stream().map(server -> new ServiceServer(service, server))).toList();
    }

    /** Whether Banyan has to run a database for it: one that it starts itself, for an application that it starts itself. */
    public boolean needsDatabase() {
        return instances() > 0 && site.database().kind() == Database.Kind.POSTGRESQL && site.database().url().isEmpty();
    }
}
