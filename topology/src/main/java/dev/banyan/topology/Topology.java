package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A site: what one site file says, whole and checked. The key of each component is its name in kebab case ({@code frontDoor} is
 * {@code front-door}).
 */
@Doc("A site: one application, the tiers that carry it, and the stage it is at.")
public record Topology(
        @Applied(Effect.RESTART) @Doc("The site's name: lower-case letters, digits and hyphens; it names the state folder, metrics and log lines.") SiteName site,
        @Default("1") @Doc("How far the site has grown: 1 single server, 2 separate database, 3 load balancer, 4 replication, 5 cache, 6 CDN. A preset: it says what runs where the keys below do not.") Stage stage,
        @Doc("The application: a command that Banyan runs, or servers that run already.") Application application,
        @Doc("More applications, by name: services that routes send requests to (gateway.routes).") Map<String, Application> services,
        @Applied(Effect.RESTART) @Doc("The application's relational database.") Database database,
        @Applied(Effect.RESTART) @Doc("The application's cache.") Cache cache,
        @Doc("HTTP caches in front of the front door, near users, from stage 6 on.") Edge edge,
        @Doc("The load balancer that users reach.") FrontDoor frontDoor,
        @Doc("What the front door does with a request before and after a service answers it.") Gateway gateway,
        @Doc("The console, the admin API and the metrics.") Console console,
        @Doc("What Banyan tells others of itself beside /metrics: metrics and traces sent to a collector, and its log's format.") Telemetry telemetry,
        @Doc("What users are promised (service level objectives), measured at what the front door and edges answer them; nothing where nothing is said.") Slo slo) {

    public Topology {
        services = Map.copyOf(services);
    }

    /** What the application is called among the services. */
    public static final String APPLICATION = "application";

    /** Instances from stage 3 on where the site file does not say how many. */
    private static final int USUAL_INSTANCES = 3;

    /** The same site at another stage. */
    public Topology at(Stage other) {
        return new Topology(site, other, application, services, database, cache, edge, frontDoor, gateway, console, telemetry, slo);
    }

    /** The application and the services, all that instances run of or requests are sent to: by name, the application first, as {@value #APPLICATION}. */
    public SequencedMap<String, Application> applications() {
        SequencedMap<String, Application> all = new LinkedHashMap<>();
        all.put(APPLICATION, application);
        services.keySet().stream().sorted().forEach(name -> all.put(name, services.get(name)));
        return all;
    }

    /** How many instances of the application's command run at this stage. */
    public int instances() {
        return instances(APPLICATION);
    }

    /** How many instances of a service's command run at this stage: one before stage 3, whatever the file says; 0 when its servers run already, or there is no such service. */
    public int instances(String service) {
        Application of = applications().get(service);
        if (of == null || of.command().isEmpty()) {
            return 0;
        }
        return !stage.atLeast(Stage.LOAD_BALANCER) ? 1 : of.instances().orElse(USUAL_INSTANCES);
    }

    /** Which of the application's servers that run already get requests at this stage. */
    public List<ServerUrl> servers() {
        return servers(APPLICATION);
    }

    /** Which of a service's servers that run already get requests at this stage: the first before stage 3, then all. */
    public List<ServerUrl> servers(String service) {
        List<ServerUrl> all = Optional.ofNullable(applications().get(service)).map(Application::servers).orElse(List.of());
        return !stage.atLeast(Stage.LOAD_BALANCER) && all.size() > 1 ? all.subList(0, 1) : all;
    }

    /** The edges beside the front door that run at this stage. */
    public List<Edge.Node> edges() {
        return stage.atLeast(Stage.CDN) ? edge.running() : List.of();
    }

    /** Whether the cache runs at this stage. */
    public boolean caches() {
        return cache.kind() != Cache.Kind.NONE && stage.atLeast(Stage.CACHE);
    }

    /** How many embedded nodes of the cache run at this stage. */
    public int cacheNodes() {
        return caches() && cache.url().isEmpty() ? cache.nodes() : 0;
    }

    /** How many replicas of an embedded database run at this stage. */
    public int replicas() {
        return stage.atLeast(Stage.REPLICATION) ? database.replicas() : 0;
    }
}
