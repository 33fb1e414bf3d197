package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Two edges in memory, one of which is away; one more may join. */
final class LivingEdges implements Edges {
    private String joined = "";

    @Override
    public PurgeReport purge(Purge purge) {
        return new PurgeReport(7, purge, false, List.of(new PurgeReport.ByEdge("edge-1", true, 3, 1.5), new PurgeReport.ByEdge("edge-2", false, 0, 5000)));
    }

    @Override
    public Object join(JsonNode body) {
        joined = body.path("name").asString();
        return Map.of("welcome", joined);
    }

    @Override
    public Object poll(String name, JsonNode body) {
        if (!name.equals(joined)) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no edge '" + name + "'");
        }
        return Map.of("purges", List.of());
    }

    @Override
    public void leave(String name) {
        joined = "";
    }
}
