package dev.banyan.http.gateway.limits;

import dev.banyan.topology.Gateway;
import dev.banyan.topology.file.SiteFile;
import java.util.Optional;

/** Gateways for tests, as a site file has them. */
final class Gateways {
    private Gateways() {}

    /** @param limits of its one route, api, as a list in YAML's flow style */
    static Gateway withLimits(String limits) {
        return of("{ routes: [{ name: api, path: /api, limits: " + limits + " }] }");
    }

    static Gateway of(String gateway) {
        return SiteFile.read("site: shop\nstage: 5\napplication: { command: x }\ngateway: " + gateway + "\n", _ -> Optional.empty()).orThrow("site.yaml").gateway();
    }
}
