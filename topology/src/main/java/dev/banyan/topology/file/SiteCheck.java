package dev.banyan.topology.file;

import dev.banyan.topology.Application;
import dev.banyan.topology.Cache;
import dev.banyan.topology.Database;
import dev.banyan.topology.FrontDoor;
import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.Balance;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must hold between keys: problems where the site would not do what its file says, warnings where it would but hardly as meant. A check
 * is silent when a value it needs could not be read.
 */
record SiteCheck(Topology site, Findings findings) {
    /** Keys that say how a command is run. */
    private static final List<String> COMMAND_ONLY = List.of("instances", "directory", "environment", "start-timeout", "stop-timeout");

    private static final Set<String> DATABASE_VARIABLES = Set.of("DATABASE_URL", "JDBC_DATABASE_URL");

    private static final String CACHE_VARIABLE = "REDIS_URL";

    void check() {
        application(site.application());
        environment();
        stage(site);
        new DatabaseCheck(site.database(), findings).check();
        new CacheCheck(site, findings).check();
        balance(site.frontDoor().balance());
        health(site.frontDoor().health());
        new PortCheck(site, findings).check();
    }

    private void application(Application application) {
        if (findings.given("application.servers") && !findings.given("application.command")) {
            COMMAND_ONLY.stream().map(key -> "application." + key).filter(findings::given)
                    .forEach(path -> problem(path, "is for a command, which Banyan runs; the servers run already: remove it"));
        }
        Set<Object> seen = new HashSet<>();
        List<ServerUrl> servers = application.servers();
        for (int i = 0; i < servers.size(); i++) {
            String path = "application.servers[" + i + "]";
            if (!findings.bad(path) && !findings.bad(path + ".url") && !seen.add(servers.get(i).url())) {
                problem(path, "http://" + servers.get(i).url() + " is in the list twice: give it once, with a weight");
            }
        }
    }

    private void environment() {
        for (String name : site.application().environment().keySet()) {
            boolean ofDatabase = site.database().kind() != Database.Kind.NONE && DATABASE_VARIABLES.contains(name);
            boolean ofCache = site.cache().kind() != Cache.Kind.NONE && name.equals(CACHE_VARIABLE);
            if (name.equals("PORT") || name.startsWith("BANYAN_") || ofDatabase || ofCache) {
                problem("application.environment." + name, "is set by Banyan itself, for each instance: choose another name");
            }
        }
    }

    private void stage(Topology site) {
        if (findings.bad("stage")) {
            return;
        }
        int stage = site.stage().number();
        if (!site.stage().atLeast(Stage.LOAD_BALANCER)) {
            int instances = site.application().instances().orElse(1);
            if (instances > 1 && known("application.instances")) {
                findings.warning("application.instances", "is " + instances + ", but stage " + stage + " runs one instance; all run from stage 3: write stage: 3, or 'banyan grow'");
            }
            int servers = site.application().servers().size();
            if (servers > 1) {
                findings.warning("application.servers", "names " + servers + " servers, but stage " + stage + " uses only the first; all get requests from stage 3: write stage: 3, or 'banyan grow'");
            }
        }
        new DatabaseCheck(site.database(), findings).stage(site.stage());
        new CacheCheck(site, findings).stage();
    }

    private void balance(Balance balance) {
        String algorithm = Names.kebab(balance.algorithm().name());
        boolean hashes = balance.algorithm() == Algorithm.HASH || balance.algorithm() == Algorithm.CONSISTENT_HASH;
        if (!hashes && balance.hash().isPresent() && known("front-door.balance.algorithm")) {
            problem("front-door.balance.hash", "has no effect with algorithm " + algorithm + ": write algorithm: consistent-hash (or hash), or remove it");
        }
        if (balance.algorithm() != Algorithm.CONSISTENT_HASH && findings.given("front-door.balance.bound") && known("front-door.balance.algorithm")) {
            findings.warning("front-door.balance.bound", "has no effect with algorithm " + algorithm + "; it is for consistent-hash");
        }
    }

    private void health(FrontDoor.Health health) {
        String most = "front-door.health.maximum-ejected";
        String panic = "front-door.health.panic-threshold";
        if (!known(most) || !known(panic)) {
            return;
        }
        if (health.maximumEjected().of1() == 0 && ejects(health)) {
            findings.warning(most, "is 0%, so no server is ever ejected, whatever consecutive-failures and failure-share say");
        }
        if (ejects(health) && health.panicThreshold().of1() > 1 - health.maximumEjected().of1() + 1e-9) {
            findings.warning(findings.given(panic) ? panic : most, "with up to " + health.maximumEjected() + " of the servers ejected, fewer than the panic threshold of "
                    + health.panicThreshold() + " can be left, and then all get requests again: the two should add up to 100% at most");
        }
    }

    private static boolean ejects(Health health) {
        return health.consecutiveFailures() > 0 || health.failureShare().of1() > 0;
    }

    private boolean known(String path) {
        return !findings.bad(path);
    }

    private void problem(String path, String message) {
        if (known(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
