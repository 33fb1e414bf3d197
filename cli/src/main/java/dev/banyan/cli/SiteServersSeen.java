package dev.banyan.cli;

import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A running site's database as another process sees it: through the router, and each server directly.
 *
 * @param database through the router
 * @param servers those that are up, the primary first
 */
record SiteServersSeen(DatabaseEndpoint database, List<Seen> servers) {
    /** A server, asked directly as the application. */
    record Seen(String name, Secret url) {}

    static SiteServersSeen of(Path stateFolder) {
        DatabaseEndpoint database = DatabaseAccess.of(stateFolder).endpoint();
        JsonNode nodes;
        try (AdminClient client = AdminClient.of(stateFolder)) {
            nodes = client.get("/api/site").path("nodes");
        }
        return of(database, nodes);
    }

    /** @param nodes as the admin API gives them */
    static SiteServersSeen of(DatabaseEndpoint database, JsonNode nodes) {
        return new SiteServersSeen(database, Stream.of("database", "replica").flatMap(kind -> up(nodes, kind)).flatMap(node -> seen(node, database).stream()).toList());
    }

    static Stream<JsonNode> up(JsonNode nodes, String kind) {
        return nodes.valueStream().filter(node -> node.path("kind").asString().equals(kind) && node.path("health").asString().equals("up"));
    }

    private static Optional<Seen> seen(JsonNode node, DatabaseEndpoint database) {
        return node.path("facts").valueStream().filter(fact -> fact.path("name").asString().equals("address")).findFirst()
                .map(fact -> HostPort.parse(fact.path("value").asString(), "127.0.0.1"))
                .map(address -> new Seen(node.path("id").asString(), new DatabaseEndpoint(address, database.user(), database.password(), database.database(), database.parameters()).url()));
    }
}
