package dev.banyan.topology.file;

import dev.banyan.topology.Breaker;
import dev.banyan.topology.Concurrency;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.RateLimit;
import dev.banyan.topology.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold between the keys of the gateway's limits. */
record LimitsCheck(Gateway gateway, Findings findings) {
    void check() {
        names("gateway.limits", gateway.limits());
        List<Route> routes = gateway.routes();
        for (int i = 0; i < routes.size(); i++) {
            if (!findings.bad(GatewayCheck.path(i))) {
                names(GatewayCheck.path(i) + ".limits", routes.get(i).limits());
            }
        }
        gateway.concurrency().ifPresent(this::concurrency);
        gateway.breaker().ifPresent(this::breaker);
    }

    /** Clients tell the limits of an answer apart by their names. */
    private void names(String path, List<RateLimit> limits) {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < limits.size(); i++) {
            String at = path + "[" + i + "].name";
            Optional<String> name = limits.get(i).name();
            String other = name.isEmpty() || findings.bad(at) ? null : names.putIfAbsent(name.get(), path + "[" + i + "]");
            if (other != null) {
                problem(at, "'" + name.get() + "' is the name of " + other + " too: clients tell limits apart by it");
            }
        }
    }

    private void concurrency(Concurrency of) {
        String path = "gateway.concurrency";
        if (findings.bad(path) || of.minimum() <= of.initial() && of.initial() <= of.maximum()) {
            return;
        }
        String key = of.initial() < of.minimum() ? ".minimum" : ".maximum";
        problem(findings.given(path + key) ? path + key : path + ".initial",
                "the limit begins with " + of.initial() + ", which is not between its minimum of " + of.minimum() + " and its maximum of " + of.maximum() + ": change one of the three");
    }

    private void breaker(Breaker of) {
        if (!findings.bad("gateway.breaker") && of.pause().compareTo(of.longestPause()) > 0) {
            String at = findings.given("gateway.breaker.pause") ? "gateway.breaker.pause" : "gateway.breaker.longest-pause";
            problem(at, "the first pause is longer than the longest: raise longest-pause, or lower pause");
        }
    }

    private void problem(String path, String message) {
        if (!findings.bad(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
