package dev.banyan.cli;

import dev.banyan.console.Edges;
import dev.banyan.console.Purge;
import dev.banyan.console.PurgeReport;
import dev.banyan.console.PurgeReport.ByEdge;
import dev.banyan.http.EdgeCache;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The site's side of its edges: purges, and those of other machines. Safe for any thread. */
final class EdgeDesk implements Edges {
    /** How long a purge waits for the edges of other machines. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SiteEdges edges;
    private final RemoteEdges remote;
    private final PurgeLog log;
    private final Clock clock;

    EdgeDesk(SiteEdges edges, RemoteEdges remote, String run, Clock clock) {
        this.edges = edges;
        this.remote = remote;
        this.log = new PurgeLog(run);
        this.clock = clock;
    }

    /** One purge at a time: each edge hears of them in one order. */
    @Override
    public synchronized PurgeReport purge(Purge purge) {
        mustBeAsked(purge);
        PurgeLog.Entry entry = log.append(purge);
        long began = clock.nanos();
        remote.tell();
        List<ByEdge> report = new ArrayList<>();
        edges.purge(purge).forEach((name, responses) -> report.add(new ByEdge(name, true, responses, millis(began))));
        try {
            for (Map.Entry<String, Optional<Long>> edge : remote.awaitPurge(log.run(), entry.number(), PATIENCE).entrySet()) {
                report.add(new ByEdge(edge.getKey(), edge.getValue().isPresent(), edge.getValue().orElse(0L), millis(began)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the site is stopping; purge " + entry.number() + " is in force at the edges beside the front door");
        }
        return new PurgeReport(entry.number(), purge, report.stream().allMatch(ByEdge::done), report);
    }

    /** What is stored of these URLs is gone from edges beside the front door when this returns, and those of other machines hear of it. */
    synchronized void written(List<String> urls) {
        for (String url : urls) {
            try {
                Purge purge = new Purge(Purge.Kind.URL, url, false);
                mustBeAsked(purge);
                log.append(purge);
                edges.purge(purge);
            } catch (BanyanException unaskable) {
                // nothing is stored of what no request could ask for, as an answer's Location may be
            }
        }
        remote.tell(log.last());
    }

    /** A URL that no request could have is told before any edge hears of it. */
    private void mustBeAsked(Purge purge) {
        EdgeSettings now = edges.settings();
        if (now == null) {
            throw new BanyanException(ErrorCode.USAGE, "there are no edges to purge: they run from stage 6 on ('banyan grow --to 6')");
        }
        try {
            if (purge.kind() == Purge.Kind.URL) {
                EdgeCache.key(purge.what(), now.edge().key());
            }
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, e.getMessage(), e);
        }
    }

    private double millis(long began) {
        return Math.round((clock.nanos() - began) / 1e4) / 100.0;
    }

    @Override
    public JsonNode join(JsonNode body) {
        String name = body.path("name").asString("");
        String version = body.path("version").asString("");
        if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new BanyanException(ErrorCode.USAGE, "an edge's name is 1 to 63 lower-case letters, digits and inner hyphens, as lisbon-1, not '" + name + "'");
        }
        if (!version.equals(Version.number())) {
            throw new BanyanException(ErrorCode.USAGE, "the edge is Banyan " + version + " and the site " + Version.number() + ": both must be the same");
        }
        if (edges.running().stream().anyMatch(edge -> edge.name().equals(name))) {
            throw new BanyanException(ErrorCode.BUSY, "an edge called '" + name + "' runs beside the front door: give this one another name (--name)");
        }
        SiteEdges.RemoteWay way = edges.remoteWay().orElseThrow(() -> new BanyanException(ErrorCode.USAGE,
                "the site lets no edge of another machine in: write 'edge: { remote: {} }' in its site file, and grow it to stage 6"));
        remote.join(name, body.path("address").asString("an unknown address"), new EdgeLetters.Report("", 0, 0, List.of(), EdgeLetters.Seen.NOTHING));
        return EdgeLetters.write(new EdgeLetters.Welcome(edges.settings(), edges.revision(), way.secret().reveal(), way.host(), way.address().port(), way.fingerprint(), log.run(), log.last()));
    }

    @Override
    public JsonNode poll(String name, JsonNode body) throws InterruptedException {
        EdgeLetters.Report report = EdgeLetters.read(body, EdgeLetters.Report.class);
        remote.heard(name, report);
        long until = clock.nanos() + RemoteEdges.POLL.toNanos();
        for (long left = until - clock.nanos(); left > 0 && remote.knows(name) && nothingNew(report); left = until - clock.nanos()) {
            remote.awaitNews(Math.min(left, 1_000_000_000L));
        }
        Optional<List<PurgeLog.Entry>> missed = log.after(report.run(), report.applied());
        long last = missed.map(purges -> purges.isEmpty() ? report.applied() : purges.getLast().number()).orElseGet(log::last);
        Optional<EdgeSettings> settings = report.revision() == edges.revision() ? Optional.empty() : Optional.of(edges.settings());
        return EdgeLetters.write(new EdgeLetters.Orders(log.run(), last, missed.isEmpty(),
                missed.orElse(List.of()).stream().map(entry -> new EdgeLetters.Ordered(entry.number(), entry.purge())).toList(), settings, edges.revision()));
    }

    private boolean nothingNew(EdgeLetters.Report report) {
        return report.run().equals(log.run()) && report.applied() == log.last() && report.revision() == edges.revision();
    }

    @Override
    public void leave(String name) {
        remote.leave(name);
    }
}
