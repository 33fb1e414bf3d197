package dev.banyan.topology.file;

import dev.banyan.topology.FrontDoor;
import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.Balance;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What must hold between keys: problems where the site would not do what its file says, warnings where it would but hardly as meant. A check
 * is silent when a value it needs could not be read.
 *
 * @param folder where the site file is, when that is known: then pages and folders that it names must be there
 */
record SiteCheck(Topology site, Findings findings, Optional<Path> folder) {
    void check() {
        new ApplicationCheck(Topology.APPLICATION, site.application(), site, findings).check();
        new TreeMap<>(site.services()).forEach((name, service) -> new ApplicationCheck("services." + name, service, site, findings).service(name));
        stage();
        new DatabaseCheck(site.database(), findings).check();
        new CacheCheck(site, findings).check();
        new EdgeCheck(site, findings).check();
        new GatewayCheck(site, findings, folder).check();
        new CallersCheck(site.gateway(), findings).check();
        site.frontDoor().tls().ifPresent(tls -> new CertificatesCheck(tls, findings).check());
        balance(site.frontDoor().balance());
        health(site.frontDoor().health());
        new ConsoleCheck(site.console(), site.slo(), findings).check();
        new PortCheck(site, findings).check();
    }

    private void stage() {
        if (findings.bad("stage")) {
            return;
        }
        new DatabaseCheck(site.database(), findings).stage(site.stage());
        new CacheCheck(site, findings).stage();
        new EdgeCheck(site, findings).stage();
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
