package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a running site's stores were asked so far, to be told of a load run as the difference of two.
 *
 * @param requests that users were answered
 * @param statements at the PostgreSQL router, the site's own included
 * @param reads of declared keys of the cache
 * @param hits of these, those that took no statement
 */
record BehindTheDoor(long requests, long statements, long reads, long hits) {
    /** As it is now; empty when the site cannot be asked. */
    static Optional<BehindTheDoor> of(Path stateFolder) {
        try (AdminClient client = AdminClient.of(stateFolder)) {
            JsonNode site = client.get("/api/site");
            long statements = site.path("nodes").valueStream().filter(node -> node.path("id").asString().equals(DatabaseNodes.ROUTER))
                    .mapToLong(node -> node.path("figures").path("total").asLong()).sum();
            boolean cached = site.path("nodes").valueStream().anyMatch(node -> node.path("id").asString().equals(CachePicture.ROUTER));
            JsonNode prefixes = cached ? client.get("/api/cache").path("prefixes") : site.path("none");
            return Optional.of(new BehindTheDoor(site.path("totals").path("requests").asLong(), statements,
                    prefixes.valueStream().mapToLong(prefix -> prefix.path("reads").asLong()).sum(), prefixes.valueStream().mapToLong(prefix -> prefix.path("hits").asLong()).sum()));
        } catch (BanyanException notToBeAsked) {
            return Optional.empty();
        }
    }

    BehindTheDoor since(BehindTheDoor before) {
        return new BehindTheDoor(requests - before.requests, statements - before.statements, reads - before.reads, hits - before.hits);
    }

    /** A line or two; empty when the site has no database. */
    String text() {
        if (statements <= 0) {
            return "";
        }
        String database = String.format(Locale.ROOT, "  database   %,d statements, %.2f a request%n", statements, (double) statements / Math.max(1, requests));
        return reads <= 0 ? database : database + String.format(Locale.ROOT, "  cache      %,d reads of declared keys, %.1f %% of them without a statement%n", reads, 100.0 * hits / reads);
    }

    void into(ObjectNode report) {
        report.putObject("behind").put("requests", requests).put("statements", statements).put("cacheReads", reads).put("cacheHits", hits);
    }
}
