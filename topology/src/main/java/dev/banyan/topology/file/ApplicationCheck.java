package dev.banyan.topology.file;

import dev.banyan.topology.Application;
import dev.banyan.topology.Cache;
import dev.banyan.topology.Database;
import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold within the application, or within one of the services. */
record ApplicationCheck(String at, Application application, Topology site, Findings findings) {
    /** Keys that say how a command is run. */
    private static final List<String> COMMAND_ONLY = List.of("instances", "directory", "environment", "start-timeout", "stop-timeout");

    private static final Set<String> DATABASE_VARIABLES = Set.of("DATABASE_URL", "JDBC_DATABASE_URL");

    private static final String CACHE_VARIABLE = "REDIS_URL";

    /** What runs beside the services has these names already, or begins with them: web-1, db-1. */
    private static final Set<String> TAKEN = Set.of(Topology.APPLICATION, "web", "db", "cache", "edge", "shield", "front-door", "users", "router", "banyan", "access");

    void check() {
        servers();
        environment();
        stage();
    }

    /** One of the services. */
    void service(String name) {
        if (TAKEN.contains(name)) {
            problem(at, "'" + name + "' is what Banyan calls something else: choose another name for the service");
        }
        check();
    }

    private void servers() {
        if (findings.given(at + ".servers") && !findings.given(at + ".command")) {
            COMMAND_ONLY.stream().map(key -> at + "." + key).filter(findings::given)
                    .forEach(path -> problem(path, "is for a command, which Banyan runs; the servers run already: remove it"));
        }
        Set<Object> seen = new HashSet<>();
        List<ServerUrl> servers = application.servers();
        for (int i = 0; i < servers.size(); i++) {
            String path = at + ".servers[" + i + "]";
            if (!findings.bad(path) && !findings.bad(path + ".url") && !seen.add(servers.get(i).url())) {
                problem(path, "http://" + servers.get(i).url() + " is in the list twice: give it once, with a weight");
            }
        }
    }

    private void environment() {
        for (String name : application.environment().keySet()) {
            boolean ofDatabase = site.database().kind() != Database.Kind.NONE && DATABASE_VARIABLES.contains(name);
            boolean ofCache = site.cache().kind() != Cache.Kind.NONE && name.equals(CACHE_VARIABLE);
            if (name.equals("PORT") || name.startsWith("BANYAN_") || ofDatabase || ofCache) {
                problem(at + ".environment." + name, "is set by Banyan itself, for each instance: choose another name");
            }
        }
    }

    private void stage() {
        int stage = site.stage().number();
        if (findings.bad("stage") || site.stage().atLeast(Stage.LOAD_BALANCER)) {
            return;
        }
        int instances = application.instances().orElse(1);
        if (instances > 1 && !findings.bad(at + ".instances")) {
            findings.warning(at + ".instances", "is " + instances + ", but stage " + stage + " runs one instance; all run from stage 3: write stage: 3, or 'banyan grow'");
        }
        int servers = application.servers().size();
        if (servers > 1) {
            findings.warning(at + ".servers", "names " + servers + " servers, but stage " + stage + " uses only the first; all get requests from stage 3: write stage: 3, or 'banyan grow'");
        }
    }

    private void problem(String path, String message) {
        if (!findings.bad(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
