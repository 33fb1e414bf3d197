package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a running site's stores were asked so far, to be told of a load run as the difference of two.
 *
 * @param requests that users were answered
 * @param statements at the PostgreSQL router, the site's own included
 * @param reads of declared keys of the cache
 * @param hits of these, those that took no statement
 * @param atEdges of the requests, those that edges were asked
 * @param fetches of these, those that edges had to ask the front door for
 */
record BehindTheDoor(long requests, long statements, long reads, long hits, long atEdges, long fetches) {
    /** As it is now; empty when the site cannot be asked. */
    static Optional<BehindTheDoor> of(Path stateFolder) {
        try (AdminClient client = AdminClient.of(stateFolder)) {
            JsonNode site = client.get("/api/site");
            long statements = site.path("nodes").valueStream().filter(node -> node.path("id").asString().equals(DatabaseNodes.ROUTER))
                    .mapToLong(node -> node.path("figures").path("total").asLong()).sum();
            boolean cached = site.path("nodes").valueStream().anyMatch(node -> node.path("id").asString().equals(CachePicture.ROUTER));
            JsonNode prefixes = cached ? client.get("/api/cache").path("prefixes") : site.path("none");
            return Optional.of(new BehindTheDoor(site.path("totals").path("requests").asLong(), statements,
                    prefixes.valueStream().mapToLong(prefix -> prefix.path("reads").asLong()).sum(), prefixes.valueStream().mapToLong(prefix -> prefix.path("hits").asLong()).sum(),
                    arrows(site, "users", ""), arrows(site, "", SitePicture.DOOR)));
        } catch (BanyanException notToBeAsked) {
            return Optional.empty();
        }
    }

    /** What went over the arrows of edges, from a node or to one. */
    private static long arrows(JsonNode site, String from, String to) {
        Set<String> edges = site.path("nodes").valueStream().filter(node -> node.path("kind").asString().equals("edge")).map(node -> node.path("id").asString()).collect(Collectors.toSet());
        return site.path("arrows").valueStream()
                .filter(arrow -> from.isEmpty() ? edges.contains(arrow.path("from").asString()) && arrow.path("to").asString().equals(to)
                        : arrow.path("from").asString().equals(from) && edges.contains(arrow.path("to").asString()))
                .mapToLong(arrow -> arrow.path("figures").path("total").asLong()).sum();
    }

    BehindTheDoor since(BehindTheDoor before) {
        return new BehindTheDoor(requests - before.requests, statements - before.statements, reads - before.reads, hits - before.hits, atEdges - before.atEdges, fetches - before.fetches);
    }

    /** A line for each tier behind users' requests that the site has. */
    String text() {
        String edges = atEdges <= 0 ? "" : String.format(Locale.ROOT, "  edges      %,d requests, %.1f %% of them had to be asked of the front door%n", atEdges, 100.0 * Math.max(0, fetches) / atEdges);
        return edges + stores();
    }

    private String stores() {
        if (statements <= 0) {
            return "";
        }
        String database = String.format(Locale.ROOT, "  database   %,d statements, %.2f a request%n", statements, (double) statements / Math.max(1, requests));
        return reads <= 0 ? database : database + String.format(Locale.ROOT, "  cache      %,d reads of declared keys, %.1f %% of them without a statement%n", reads, 100.0 * hits / reads);
    }

    void into(ObjectNode report) {
        report.putObject("behind").put("requests", requests).put("statements", statements).put("cacheReads", reads).put("cacheHits", hits).put("edgeRequests", atEdges).put("edgeFetches", fetches);
    }
}
