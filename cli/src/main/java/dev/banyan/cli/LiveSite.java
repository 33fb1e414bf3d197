package dev.banyan.cli;

import dev.banyan.balance.HealthChange;
import dev.banyan.balance.SecretHash;
import dev.banyan.balance.ServerGroup;
import dev.banyan.console.AdminServer;
import dev.banyan.console.ConsoleTls;
import dev.banyan.console.Token;
import dev.banyan.control.CachePorts;
import dev.banyan.control.Journal;
import dev.banyan.control.MoveEvent;
import dev.banyan.control.Ports;
import dev.banyan.control.Site;
import dev.banyan.control.database.DatabasePorts;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.engines.EdgeSecret;
import dev.banyan.engines.FreePorts;
import dev.banyan.engines.LimitsSecret;
import dev.banyan.engines.Orphans;
import dev.banyan.engines.PostgresServers;
import dev.banyan.engines.ProcessEvent;
import dev.banyan.engines.RedisServers;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.RunningRedis;
import dev.banyan.engines.ServerUsage;
import dev.banyan.engines.SiteHold;
import dev.banyan.engines.StateFolder;
import dev.banyan.engines.Supervisor;
import dev.banyan.http.FrontDoor;
import dev.banyan.http.gateway.callers.Surroundings;
import dev.banyan.http.gateway.limits.RateLimiting;
import dev.banyan.http.gateway.limits.RedisCounters;
import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.JavaLogging;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.telemetry.LogEvent;
import dev.banyan.telemetry.LogFormat;
import dev.banyan.telemetry.ProcessFigures;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.slo.Promises;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Telemetry;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.random.RandomGenerator;

/**
 * A whole site in this process: engines, front door, control and console, opened in order and closed in the reverse. When it is open, the
 * front door listens and the console answers; nothing runs behind them until {@link #site()} is asked for it. Owned by the thread of the verb.
 */
final class LiveSite implements AutoCloseable {
    static final String TOKEN_FILE = "console.token";
    private static final Duration LOOK_AT_FILES = Duration.ofSeconds(2);
    private static final Gateway NO_GATEWAY = SiteFile.read("{site: none, application: {command: none}}", _ -> Optional.empty()).orThrow("a site without a gateway").gateway();
    private static final ByteSize ACCESS_LOG = new ByteSize(64L << 20);
    /** How long requests in flight may take when the site stops. */
    static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Opened opened = new Opened();
    private final Path siteFile;
    private final Topology file;
    private final StateFolder folder;
    private final Clock clock = Clock.system();
    private volatile Duration farewell = FAREWELL;
    private volatile MoveEvent.Listener watcher = _ -> {};

    private Loops loops;
    private Registry registry;
    private EventLog log;
    private Decisions decisions;
    private SiteTelemetry telemetry;
    private ServerGroup group;
    private SiteEdges edges;
    private FrontDoor door;
    private SiteDatabase database;
    private SiteCache cache;
    private Supervisor supervisor;
    private volatile SiteInstances instances;
    private Site site;
    private AdminServer console;
    private Token token;
    private SitePromises promises;
    private Optional<ConsoleTls> consoleTls = Optional.empty();

    private LiveSite(Path siteFile, Topology file) {
        this.siteFile = siteFile;
        this.file = file;
        this.folder = StateFolder.beside(siteFile);
    }

    /**
     * Opens it.
     *
     * @throws dev.banyan.topology.BanyanException SITE_IS_HELD, PORT_IN_USE, DISK; then nothing stays open
     */
    static LiveSite open(Path siteFile, Topology file) {
        Path absolute = siteFile.toAbsolutePath().normalize();
        LiveSite live = new LiveSite(absolute, Beside.siteFile(absolute, file));
        try {
            live.openFoundation();
            live.openDoor();
            live.openDatabase();
            live.openControl();
            return live;
        } catch (RuntimeException e) {
            live.close();
            throw e;
        }
    }

    Site site() {
        return site;
    }

    Decisions decisions() {
        return decisions;
    }

    StateFolder folder() {
        return folder;
    }

    /** Where users come in, plainly and, where the site has it, with TLS. */
    List<String> addresses() {
        List<String> shown = new ArrayList<>();
        for (HostPort at : door.addresses()) {
            shown.add((shown.isEmpty() ? "http://" : "https://") + shown(at));
        }
        return shown;
    }

    String console() {
        return (consoleTls.isPresent() ? "https://" : "http://") + shown(console.address());
    }

    /** The SHA-256 of the console's certificate in hexadecimal digits; empty without TLS. */
    String consoleCertificate() {
        return consoleTls.map(ConsoleTls::fingerprint).orElse("");
    }

    /** Where clients of the database come in, as a URL without the password; empty when the site has none. */
    String database() {
        return database.router().map(router -> database.endpoint().map(DatabaseEndpoint::toString).orElseGet(() -> "postgresql://" + router.address())).orElse("");
    }

    /** Where clients of the cache come in, as a URL without the password; empty while the site uses none. */
    String cache() {
        return cache.access().map(CacheAccess::toString).orElse("");
    }

    /** The link that lets its owner change the site. */
    String consoleLink() {
        return console() + "/?token=" + token.reveal();
    }

    /** What a cache that is not used now has left goes to the database; nothing waits for it. */
    void settle() {
        loops.blocking().execute(cache::settle);
    }

    /** Hears of every move that is asked for through the console or another command. */
    void watch(MoveEvent.Listener listener) {
        watcher = listener;
    }

    /** Requests in flight are cut off, also when it is closing already. Any thread. */
    void hurry() {
        farewell = Duration.ZERO;
        door.close();
    }

    /** Stops listening, lets requests in flight end, then ends the application, the router, the database's servers, and the rest. */
    @Override
    public void close() {
        opened.close();
    }

    private void openFoundation() {
        SiteHold hold = SiteHold.take(folder);
        opened.add("the hold on " + folder, hold);
        loops = Loops.open(file.frontDoor().io(), file.frontDoor().ioLoops());
        opened.add("the loops", loops);
        registry = new Registry(clock);
        log = EventLog.open(folder.path().resolve("logs").resolve("banyan.log"), format(file.telemetry().logFormat()), LogEvent.Level.INFO, loops, clock, registry);
        opened.logTo(log);
        JavaLogging.into(log);
        ProcessFigures.observe(registry);
        telemetry = SiteTelemetry.open(file, registry, loops, clock, log);
        opened.add("the telemetry", telemetry);
        registry.onOverflow(sentence -> log.warn("telemetry", sentence));
        decisions = new Decisions(registry, log);
        undoFaults();
        int orphans = Orphans.end(folder, clock);
        if (orphans > 0) {
            announce("end " + orphans + (orphans == 1 ? " process" : " processes"), "an earlier Banyan was killed and left them behind", "processes of " + folder);
        }
    }

    /** Before the processes that were left behind are ended: one that is stopped would not hear of it. */
    private void undoFaults() {
        for (FaultNotes.Note left : new FaultNotes(folder).takeLeft()) {
            ServerFaults.undoLeft(folder, left.target());
            announce("end the fault " + left.kind() + " " + left.target(), "Banyan was killed before it had undone it", "processes of " + folder);
        }
    }

    private void openDoor() {
        RandomGenerator random = Loops.random();
        var settings = file.frontDoor();
        group = newGroup(settings);
        Optional<LineWriter> accessLog = settings.accessLog()
                ? Optional.of(LineWriter.open(folder.path().resolve("logs").resolve("access.log"), ACCESS_LOG, loops, registry))
                : Optional.empty();
        accessLog.ifPresent(lines -> opened.add("the access log", lines));
        door = FrontDoor.of(settings, file.application().healthPath(), group, loops.transport(SitePicture.DOOR), clock, random, registry, accessLog, folder.path().resolve("certificates")).open();
        telemetry.tracer("front-door").ifPresent(door::tracing);
        opened.add("the front door's sockets", door);
    }

    private static LogFormat format(Telemetry.LogFormat wanted) {
        return switch (wanted) {
            case JSON -> LogFormat.JSON;
            case HUMAN -> LogFormat.HUMAN;
        };
    }

    private ServerGroup newGroup(dev.banyan.topology.FrontDoor settings) {
        return new ServerGroup(settings.balance(), settings.health(), settings.limits().perServer(), Loops.random().nextLong(), this::announce);
    }

    /** The router listens before anything that needs it is there. */
    private void openDatabase() {
        database = SiteDatabase.open(file, new SiteDatabase.Surroundings(folder, loops, clock, registry, log, decisions::announce, telemetry.statements()));
        opened.add("the database's router", database);
        database.router().ifPresent(door::keepFresh);
        door.keepCertificatesFresh(FileWatch.start(loops.blocking(), clock, LOOK_AT_FILES), decisions::announce);
        supervisor = new Supervisor(folder, loops.blocking(), clock, Loops.random(), this::heard);
    }

    /** What is added last is closed first: the door and the running move, then the instances, then the router, then the database's servers. */
    private void openControl() {
        FreePorts free = new FreePorts();
        PostgresServers servers = new PostgresServers(supervisor, file.site(), file.database(), free);
        RedisServers nodes = new RedisServers(supervisor, file.cache(), free, decisions::announce);
        cache = new SiteCache(file, new SiteCache.Surroundings(folder, loops, clock, registry, log, decisions::announce), database, nodes, this::writeRunning);
        SiteInstances started = new SiteInstances(supervisor, free, siteFile, this::variables);
        instances = started;
        SiteGateway gateway = openGateway(nodes);
        SiteDoor siteDoor = new SiteDoor(door, gateway, file, group, this::newGroup, clock, telemetry::use);
        edges = new SiteEdges(door, EdgeSecret.made(folder), folder.path().resolve("certificates"), new RunningEdge.Surroundings(loops, clock, folder.path(), sentence -> log.warn("edges", sentence), telemetry::tracer), new EdgeMetrics(registry), this::later, this::announce);
        RemoteEdges remote = new RemoteEdges(clock, this::announce);
        loops.control().scheduleWithFixedDelay(() -> loops.blocking().execute(remote::look), 1, 1, TimeUnit.SECONDS);
        SiteUsage usage = new SiteUsage(new ServerUsage(folder), registry, clock);
        loops.control().scheduleWithFixedDelay(() -> loops.blocking().execute(usage::look), 1, SiteUsage.EVERY.toSeconds(), TimeUnit.SECONDS);
        Journal journal = Journal.open(folder.path());
        opened.add("the journal", journal);
        DatabaseReach reach = new DatabaseReach(clock);
        DatabasePorts databasePorts = new DatabasePorts(new SiteServers(servers, this::started, reach), database.door(), new SiteClusterStore(servers.clusterFile()),
                loops.blocking(), loops.blocking());
        site = new Site(file, journal, new Ports(started, siteDoor, databasePorts, new CachePorts(new SiteCacheNodes(nodes), cache), edges, this::later, clock, decisions::announce), loops.blocking());
        database.follow(() -> site.wanted().stage().atLeast(Stage.REPLICATION));
        promises = new SitePromises(new Promises(folder.path().resolve(SitePromises.FILE), clock, registry, decisions::announce, sentence -> log.warn("slo", sentence)),
                () -> site.wanted().site().slo(), registry, edges, remote);
        opened.add("what is promised", promises);
        loops.control().scheduleWithFixedDelay(() -> loops.blocking().execute(promises::count), SitePromises.EVERY_SECONDS, SitePromises.EVERY_SECONDS, TimeUnit.SECONDS);
        SitePicture.Recent recent = SitePicture.Recent.of(registry::snapshot);
        SitePicture picture = new SitePicture(site, new ServerNodes(siteDoor), database, cache, edges, remote, nodes, () -> version(servers), recent, this::addresses, folder,
                new RequestWay(edges, door, this::addresses, () -> site.wanted().site().gateway()), promises::shown, clock);
        FaultDesk faults = new FaultDesk(faultPlaces(picture, siteDoor, nodes, reach), new FaultNotes(folder), this::later, this::announce, clock);
        token = Token.in(folder.path().resolve(TOKEN_FILE));
        consoleTls = file.console().tls().map(this::openConsoleTls);
        console = AdminServer.start(file.console().listen(), consoleTls, token, picture, new SiteActions(site, this::readAgain, this::moved, new EdgeDesk(edges, remote, HexFormat.of().toHexDigits(Loops.secrets().nextLong()), clock), faults, new SiteTrickle(this::addresses, loops, clock, log), usage::memory), registry, decisions, log, loops, clock);
        opened.add("the console", console);
        opened.add("the history", new SiteHistory(folder, picture::site, recent, usage, clock, log).start(loops.blocking()));
        opened.add("the database's servers", site::stopDatabase);
        opened.add("the database's sessions", database);
        opened.add("the cache's nodes", nodes::stop);
        opened.add("the cache", cache::end);
        opened.add("the instances", () -> started.close(loops.blocking()));
        opened.add("the edges", edges);
        opened.add("the move under way", site);
        opened.add("the front door", () -> door.close(farewell));
        opened.add("the faults", faults);
        consoleTls.ifPresent(tls -> tls.onRenewal(this::writeRunning));
        observe();
        writeRunning();
        opened.add(Running.FILE, () -> Running.forget(folder));
    }

    private FaultPlaces faultPlaces(SitePicture picture, SiteDoor siteDoor, RedisServers nodes, DatabaseReach reach) {
        ArrowWays ways = new ArrowWays(loops.wires(), Loops.random(), edges, () -> door.addresses().stream().map(HostPort::port).collect(Collectors.toSet()),
                name -> siteDoor.address(name).or(() -> database.address(name)).or(() -> nodes.running(name).map(RunningRedis::address)), reach);
        return new FaultPlaces(folder, () -> picture.site().arrows(), edges, ways);
    }

    private SiteGateway openGateway(RedisServers nodes) {
        FileWatch files = FileWatch.start(loops.blocking(), clock, LOOK_AT_FILES);
        opened.add("the watch of the gateway's files", files);
        var around = new Surroundings(clock, loops.blocking(), files, registry, decisions::announce);
        SiteCounters counters = new SiteCounters(loops.transport(SitePicture.DOOR), HexFormat.of().toHexDigits(Loops.secrets().nextLong()),
                () -> nodes.running().stream().findFirst().map(node -> new SiteCounters.Node(node.address(), new RedisCounters.Login(Optional.empty(), nodes.password()))));
        opened.add("the counters of shared limits", counters);
        loops.control().scheduleWithFixedDelay(() -> loops.blocking().execute(counters::look), 0, 1, TimeUnit.SECONDS);
        SiteGateway gateway = new SiteGateway(door, siteFile.getParent(), NO_GATEWAY, SecretHash.keyed(LimitsSecret.made(folder).reveal()), counters, around);
        opened.add("the gateway", gateway);
        loops.control().scheduleWithFixedDelay(gateway::settle, RateLimiting.settleEveryNanos(), RateLimiting.settleEveryNanos(), TimeUnit.NANOSECONDS);
        return gateway;
    }

    private void observe() {
        SiteMetrics metrics = new SiteMetrics(registry);
        metrics.disk(folder);
        database.router().ifPresent(router -> metrics.primary(() -> router.cluster().primary().isPresent()));
        door.certificateEnds().ifPresent(_ -> metrics.certificate("front-door", door::certificateEnds));
        consoleTls.ifPresent(tls -> metrics.certificate("console", () -> Optional.of(tls.ends())));
        file.edge().remote().ifPresent(_ -> metrics.certificate("edge.remote", () -> edges.remoteWay().map(SiteEdges.RemoteWay::ends)));
    }

    private ConsoleTls openConsoleTls(dev.banyan.topology.Console.Tls at) {
        FileWatch files = FileWatch.start(loops.blocking(), clock, LOOK_AT_FILES);
        opened.add("the watch of the console's certificate", files);
        return ConsoleTls.of(at, folder.path().resolve("certificates"), files, clock, decisions::announce);
    }

    private void writeRunning() {
        new Running(ProcessHandle.current().pid(), file.site().value(), siteFile.toString(), console(), addresses(), database(), cache(), consoleCertificate()).write(folder);
    }

    private Map<String, Secret> variables(boolean cached) {
        Map<String, Secret> all = new LinkedHashMap<>(database.variables());
        if (cached) {
            all.putAll(cache.variables());
        }
        return all;
    }

    /** As whom the database is asked is known from its first start on. */
    private void started(RunningPostgres server) {
        boolean first = database.endpoint().isEmpty();
        database.started(server);
        if (first) {
            writeRunning();
        }
    }

    /** Of the embedded servers, which are all of one version; empty while none runs. */
    private static Optional<String> version(PostgresServers servers) {
        return servers.known().stream().flatMap(name -> servers.running(name).stream()).map(RunningPostgres::version).findFirst();
    }

    private void moved(MoveEvent event) {
        if (event instanceof MoveEvent.Ended) {
            database.stageMayHaveChanged();
        }
        watcher.heard(event);
    }

    private Topology readAgain() {
        return Beside.siteFile(siteFile, SiteFile.read(siteFile, name -> Optional.ofNullable(System.getenv(name))).orThrow(siteFile.toString()));
    }

    private void later(Duration wait, Runnable task) {
        loops.control().schedule(() -> loops.blocking().execute(task), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void heard(ProcessEvent event) {
        log.info("engines", event.sentence());
        if (event instanceof ProcessEvent.Restarting again && again.name().matches("cache-[0-9]+")) {
            announce("restart " + again.name() + " in " + again.in().toMillis() + " ms", again.after().sentence(), "restart " + again.attempt() + " in a row");
        }
        SiteInstances hearing = instances;
        if (hearing != null) {
            hearing.heard(event);
        }
    }

    private void announce(HealthChange change) {
        announce(change.what(), change.why(), change.seen());
    }

    private void announce(String what, String why, String seen) {
        decisions.announce(new Decision(what, why, seen, clock.now()));
    }

    /** An address as a browser on this machine reaches it. */
    private static String shown(HostPort at) {
        boolean everywhere = at.host().equals("0.0.0.0") || at.host().equals("::") || at.host().equals("0:0:0:0:0:0:0:0");
        return (everywhere ? new HostPort("localhost", at.port()) : at).toString();
    }
}
