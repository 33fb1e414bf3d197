package dev.banyan.cli;

import dev.banyan.drill.bank.Server;
import dev.banyan.drill.site.DrilledSite;
import dev.banyan.drill.site.FaultKind;
import dev.banyan.drill.site.SiteState;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Durations;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A running site of this machine as drills see and break it: through its admin API. Safe for any thread. */
final class AdminSite implements DrilledSite, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LATENCY = "200ms";
    private static final int DECISIONS = 200;

    private final Path stateFolder;
    private final AdminClient client;
    private final Optional<DatabaseEndpoint> database;
    private volatile JsonNode lastNodes;

    /** @throws BanyanException SITE_IS_DOWN when no site runs there */
    AdminSite(Path stateFolder) {
        this(stateFolder, AdminClient.of(stateFolder), DatabaseAccess.find(stateFolder).map(DatabaseAccess::endpoint));
    }

    AdminSite(Path stateFolder, AdminClient client, Optional<DatabaseEndpoint> database) {
        this.stateFolder = stateFolder;
        this.client = client;
        this.database = database;
        this.lastNodes = client.get("/api/site").path("nodes");
    }

    @Override
    public SiteState state() {
        JsonNode site = client.get("/api/site");
        lastNodes = site.path("nodes");
        return new SiteState(site.path("name").asString(), site.path("stage").asInt(), lastNodes.valueStream().map(this::node).toList(),
                site.path("arrows").valueStream().map(arrow -> new SiteState.Arrow(arrow.path("from").asString(), arrow.path("to").asString())).toList());
    }

    private SiteState.Node node(JsonNode node) {
        String id = node.path("id").asString();
        return new SiteState.Node(id, node.path("kind").asString(), node.path("health").asString(), process(id));
    }

    /** 0 while there is none, and for what has no process of its own. */
    private long process(String id) {
        Path file = stateFolder.resolve("processes").resolve(id + ".json");
        try {
            return JSON.readTree(Files.readString(file)).path("pid").asLong();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read which process " + id + " is: " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> underWay() {
        Stream<String> moves = client.get("/api/moves").valueStream().filter(move -> move.path("state").asString().equals("running")).map(move -> "a move runs (" + move.path("plan").path("title").asString() + ")");
        Stream<String> faults = client.get("/api/faults").path("active").valueStream().map(fault -> "it is broken on purpose already (fault " + fault.path("number").asLong() + ": " + words(fault) + ")");
        return Stream.concat(moves, faults).toList();
    }

    @Override
    public List<Decision> decisions() {
        return client.get("/api/decisions?most=" + DECISIONS).valueStream().map(kept -> kept.path("decision")).map(made -> new Decision(made.path("what").asString(), made.path("why").asString(), made.path("seen").asString(),
                Instant.parse(made.path("at").asString()))).toList();
    }

    @Override
    public List<FaultKind> possible(String target) {
        return client.get("/api/faults").path("possible").valueStream().filter(possible -> possible.path("target").asString().equals(target)).flatMap(possible -> possible.path("kinds").valueStream())
                .flatMap(kind -> Stream.of(FaultKind.values()).filter(known -> known.word().equals(kind.asString()))).toList();
    }

    @Override
    public Struck strike(FaultKind kind, String target, Duration atMost) {
        ObjectNode order = JSON.createObjectNode().put("kind", kind.word()).put("target", target).put("for", Durations.format(atMost));
        if (kind == FaultKind.LATENCY) {
            order.put("latency", LATENCY);
        }
        JsonNode fault;
        try {
            fault = client.askToTheEnd("/api/faults", order.toString());
        } catch (BanyanException e) {
            if (e.code() == ErrorCode.SITE_IS_DOWN) {
                liftUnanswered(kind, target, e);
            }
            throw e;
        }
        return new Struck(fault.path("number").asLong(), kind, target, words(fault));
    }

    /** An order without an answer may have been carried out. */
    private void liftUnanswered(FaultKind kind, String target, BanyanException why) {
        try {
            for (JsonNode fault : client.askToTheEnd("/api/faults").path("active")) {
                if (fault.path("kind").asString().equals(kind.word()) && fault.path("target").asString().equals(target)) {
                    lift(fault.path("number").asLong());
                }
            }
        } catch (BanyanException stillAway) {
            why.addSuppressed(stillAway);
        }
    }

    private JsonNode lift(long number) {
        return client.askToTheEnd("/api/faults/" + number + "/lift", "{}");
    }

    /** As the Decisions that tell of it call it. */
    private static String words(JsonNode fault) {
        String setting = fault.path("setting").asString("");
        return fault.path("kind").asString() + (setting.isEmpty() ? " " : " " + setting + " ") + fault.path("target").asString();
    }

    @Override
    public boolean lift(Struck fault) {
        return lift(fault.number()).path("state").asString().equals("lifted");
    }

    /** Those of the state that was seen last. */
    @Override
    public List<Server> servers() {
        return database.map(through -> SiteServersSeen.of(through, lastNodes).servers().stream().map(server -> new Server(server.name(), server.url())).toList()).orElse(List.of());
    }

    @Override
    public Optional<Secret> database() {
        return database.map(DatabaseEndpoint::url);
    }

    @Override
    public void close() {
        client.close();
    }
}
