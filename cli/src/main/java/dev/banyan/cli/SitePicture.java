package dev.banyan.cli;

import dev.banyan.console.Cached;
import dev.banyan.console.Explanation;
import dev.banyan.console.Figures;
import dev.banyan.console.KeyExplanation;
import dev.banyan.console.RequestExplanation;
import dev.banyan.console.RequestQuestion;
import dev.banyan.console.Site;
import dev.banyan.console.Site.Arrow;
import dev.banyan.console.Site.Health;
import dev.banyan.console.Site.Kind;
import dev.banyan.console.Site.Node;
import dev.banyan.console.Site.Region;
import dev.banyan.console.Site.StageChoice;
import dev.banyan.console.Site.Tier;
import dev.banyan.console.SiteView;
import dev.banyan.console.Statements;
import dev.banyan.control.EdgeDoor;
import dev.banyan.control.Wanted;
import dev.banyan.engines.LogFollow;
import dev.banyan.engines.RedisServers;
import dev.banyan.engines.StateFolder;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.Snapshot;
import dev.banyan.telemetry.Window;
import dev.banyan.telemetry.history.History;
import dev.banyan.telemetry.logs.LogFound;
import dev.banyan.telemetry.logs.LogQuestion;
import dev.banyan.telemetry.logs.LogSearch;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Doc;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The site as the console draws it: what is declared, with what is observed of it. Safe for any thread. */
final class SitePicture implements SiteView {
    static final String USERS = "users";
    static final String DOOR = "front-door";
    private static final List<Tier> TIERS = List.of(
            new Tier("users", "users"), new Tier(EdgeNodes.TIER, "edges"), new Tier(EdgeDoor.SHIELD, "shield"), new Tier("door", "load balancer"), new Tier("application", "application"),
            new Tier("router", "routers"), new Tier("data", "data"));

    private final dev.banyan.control.Site site;
    private final ServerNodes servers;
    private final SiteDatabase database;
    private final SiteCache cache;
    private final SiteEdges edges;
    private final RemoteEdges remote;
    private final RedisServers cacheNodes;
    private final Supplier<Optional<String>> version;
    private final Recent recent;
    private final Supplier<List<String>> addresses;
    private final StateFolder folder;
    private final RequestWay requests;
    private final Supplier<List<Site.Objective>> promises;
    private final Clock clock;

    /**
     * @param version of the embedded database's servers, while one runs
     * @param addresses where users come in, as URLs
     * @param promises how what is promised is kept
     */
    SitePicture(dev.banyan.control.Site site, ServerNodes servers, SiteDatabase database, SiteCache cache, SiteEdges edges, RemoteEdges remote, RedisServers cacheNodes, Supplier<Optional<String>> version, Recent recent, Supplier<List<String>> addresses,
            StateFolder folder, RequestWay requests, Supplier<List<Site.Objective>> promises, Clock clock) {
        this.site = site;
        this.servers = servers;
        this.database = database;
        this.cache = cache;
        this.edges = edges;
        this.remote = remote;
        this.cacheNodes = cacheNodes;
        this.version = version;
        this.recent = recent;
        this.addresses = addresses;
        this.folder = folder;
        this.requests = requests;
        this.promises = promises;
        this.clock = clock;
    }

    @Override
    public Site site() {
        Wanted wanted = site.wanted();
        Window window = recent.window();
        Figures door = TrafficFigures.ofDoor(window);
        EdgeNodes atEdges = new EdgeNodes(edges, remote);
        Figures users = atEdges.users(window);
        List<Node> nodes = new ArrayList<>();
        nodes.add(node(USERS, "users", Kind.USERS, "users", "", Health.UP, Optional.of(users), Optional.empty()));
        nodes.addAll(atEdges.nodes());
        nodes.add(node(DOOR, "door", Kind.FRONT_DOOR, "front door", String.join(" ", addresses.get()), Health.UP, Optional.of(door), Optional.of("access")));
        List<Node> behind = servers.nodes(wanted, site.observed(), window);
        nodes.addAll(behind);
        List<Arrow> arrows = new ArrayList<>();
        arrows.addAll(atEdges.arrows(USERS, DOOR));
        if (atEdges.nodes().isEmpty() || door.rate() > 0) {
            arrows.add(new Arrow(USERS, DOOR, "HTTP", Optional.of(door)));
        }
        behind.forEach(server -> arrows.add(new Arrow(DOOR, server.id(), "HTTP", server.figures())));
        cache.router().ifPresent(router -> addCache(new CachePicture(router, cache, cacheNodes, wanted.site().cache(), window), behind, nodes, arrows));
        database.router().ifPresent(router -> addDatabase(new DatabaseNodes(router, window, wanted.site().database().router().pool().size()), behind, nodes, arrows));
        List<StageChoice> stages = Stream.of(Stage.values()).map(SitePicture::choice).toList();
        String name = wanted.site().site().value();
        List<Region> regions = Stream.concat(Stream.of(new Region(Region.HOME, name)), atEdges.regions().stream()).toList();
        return new Site(name, wanted.stage().number(), stages, tiers(nodes), nodes, arrows, atEdges.totals(window), "banyan load", regions, promises.get());
    }

    /** Without edges there is no column for them. */
    private static List<Tier> tiers(List<Node> nodes) {
        return TIERS.stream().filter(tier -> !EdgeNodes.TIERS.contains(tier.id()) || nodes.stream().anyMatch(node -> node.tier().equals(tier.id()))).toList();
    }

    private void addDatabase(DatabaseNodes database, List<Node> applications, List<Node> nodes, List<Arrow> arrows) {
        nodes.add(database.router());
        applications.forEach(server -> arrows.add(new Arrow(server.id(), DatabaseNodes.ROUTER, "PostgreSQL", database.fromApplications(applications.size()))));
        List<Node> servers = database.servers(site.database(), version.get());
        nodes.addAll(servers);
        database.arrows().stream().filter(arrow -> servers.stream().anyMatch(server -> server.id().equals(arrow.to()))).forEach(arrows::add);
    }

    /** Before the database's, so that the arrow from router to router goes down. */
    private void addCache(CachePicture cache, List<Node> applications, List<Node> nodes, List<Arrow> arrows) {
        List<Node> stores = cache.nodes();
        nodes.add(cache.router());
        nodes.addAll(stores);
        arrows.addAll(cache.arrows(applications, stores, database.router().isPresent()));
    }

    @Override
    public Statements statements() {
        return database.router().map(router -> StatementRows.of(router.statements())).orElse(Statements.NONE);
    }

    @Override
    public Optional<Explanation> explain(String sql) {
        return database.router().map(router -> new StatementWay(site.wanted().site().database().router(), database.catalogue(), Optional.of(router.cluster())).explain(sql));
    }

    @Override
    public Optional<Cached> cache() {
        return cache.router().map(router -> new CacheKeysSeen(site.wanted().site().cache(), recent.window().to(), router).cached());
    }

    @Override
    public Optional<KeyExplanation> explainKey(String key) {
        return cache.router().map(router -> new KeyWay(site.wanted().site().cache(), router, cache).explain(key));
    }

    @Override
    public RequestExplanation explain(RequestQuestion asked) {
        return requests.explain(asked);
    }

    @Override
    public List<String> logs() {
        return LogFollow.names(folder);
    }

    @Override
    public Optional<List<String>> logLines(String name, int most) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            LogFollow.of(folder, name, clock).last(most, bytes);
            return Optional.of(bytes.toString(StandardCharsets.UTF_8).lines().toList());
        } catch (BanyanException e) {
            if (e.code() == ErrorCode.NO_SUCH_THING) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read the log of " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public History history() {
        return SiteHistory.of(folder.path(), clock);
    }

    @Override
    public LogFound search(LogQuestion question) {
        return new LogSearch(folder.path().resolve("logs"), clock).find(question);
    }

    private static Node node(String id, String tier, Kind kind, String title, String detail, Health health, Optional<Figures> figures, Optional<String> log) {
        return new Node(id, tier, kind, title, detail, health, "", "", figures, List.of(), log, false, false);
    }

    private static StageChoice choice(Stage stage) {
        return new StageChoice(stage.number(), stage.name().toLowerCase(Locale.ROOT).replace('_', ' '), what(stage));
    }

    private static String what(Stage stage) {
        try {
            return Stage.class.getField(stage.name()).getAnnotation(Doc.class).value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("an enum's constant is its field", e);
        }
    }

    /** The registry's figures of the last seconds. */
    interface Recent {
        Window window();

        /** Keeps a snapshot a second; the window is five seconds long, or as long as there are figures. */
        static Recent of(Supplier<Snapshot> now) {
            List<Snapshot> kept = new ArrayList<>(List.of(now.get()));
            return () -> {
                synchronized (kept) {
                    Snapshot last = now.get();
                    while (kept.size() > 1 && last.nanos() - kept.get(1).nanos() >= 5_000_000_000L) {
                        kept.removeFirst();
                    }
                    Window window = new Window(kept.getFirst(), last);
                    if (last.nanos() - kept.getLast().nanos() >= 900_000_000L) {
                        kept.add(last);
                    }
                    return window;
                }
            };
        }
    }
}
