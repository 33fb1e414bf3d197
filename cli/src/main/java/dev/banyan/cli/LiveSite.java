package dev.banyan.cli;

import dev.banyan.balance.HealthChange;
import dev.banyan.balance.ServerGroup;
import dev.banyan.control.CachePorts;
import dev.banyan.control.Journal;
import dev.banyan.control.MoveEvent;
import dev.banyan.control.Ports;
import dev.banyan.control.Site;
import dev.banyan.control.database.DatabasePorts;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.engines.Orphans;
import dev.banyan.engines.PostgresServers;
import dev.banyan.engines.ProcessEvent;
import dev.banyan.engines.RedisServers;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.RunningRedis;
import dev.banyan.engines.StateFolder;
import dev.banyan.engines.Supervisor;
import dev.banyan.http.FrontDoor;
import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;

/**
 * A whole site in this process: engines, front door, control and console, opened in order and closed in the reverse. When it is open, the
 * front door listens and the console answers; nothing runs behind them until {@link #site()} is asked for it. Owned by the thread of the verb.
 */
final class LiveSite implements AutoCloseable {
    private static final ByteSize ACCESS_LOG = new ByteSize(64L << 20);
    /** How long requests in flight may take when the site stops. */
    static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Opened opened = new Opened();
    private final Path siteFile;
    private final Topology file;
    private final StateFolder folder;
    private volatile Duration farewell = FAREWELL;
    private volatile MoveEvent.Listener watcher = _ -> {};

    private Ground ground;
    private SiteTelemetry telemetry;
    private ServerGroup group;
    private FrontDoor door;
    private SiteDatabase database;
    private SiteCache cache;
    private Supervisor supervisor;
    private volatile SiteInstances instances;
    private Site site;
    private SiteConsole console;

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
        return ground.decisions();
    }

    StateFolder folder() {
        return folder;
    }

    /** Where users come in, plainly and, where the site has it, with TLS. */
    List<String> addresses() {
        List<String> shown = new ArrayList<>();
        for (HostPort at : door.addresses()) {
            shown.add((shown.isEmpty() ? "http://" : "https://") + at.reachedBy("localhost"));
        }
        return shown;
    }

    String console() {
        return console.url();
    }

    /** The SHA-256 of the console's certificate in hexadecimal digits; empty without TLS. */
    String consoleCertificate() {
        return console.certificate();
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
        return console.link();
    }

    /** What a cache that is not used now has left goes to the database; nothing waits for it. */
    void settle() {
        ground.loops().blocking().execute(cache::settle);
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
        ground = Ground.open(file, folder, Clock.system(), opened);
        telemetry = SiteTelemetry.open(file, ground);
        opened.add("the telemetry", telemetry);
        FaultDesk.undoLeft(ground);
        int orphans = Orphans.end(folder, ground.clock());
        if (orphans > 0) {
            ground.announce("end " + orphans + (orphans == 1 ? " process" : " processes"), "an earlier Banyan was killed and left them behind", "processes of " + folder);
        }
    }

    private void openDoor() {
        var settings = file.frontDoor();
        group = newGroup(settings);
        Optional<LineWriter> accessLog = settings.accessLog()
                ? Optional.of(LineWriter.open(folder.path().resolve("logs").resolve("access.log"), ACCESS_LOG, ground.loops(), ground.registry()))
                : Optional.empty();
        accessLog.ifPresent(lines -> opened.add("the access log", lines));
        door = FrontDoor.of(settings, file.application().healthPath(), group, ground.loops().transport(SitePicture.DOOR), ground.clock(), Loops.random(), ground.registry(), accessLog, ground.certificates()).open();
        telemetry.tracer(SitePicture.DOOR).ifPresent(door::tracing);
        opened.add("the front door's sockets", door);
    }

    private ServerGroup newGroup(dev.banyan.topology.FrontDoor settings) {
        return new ServerGroup(settings.balance(), settings.health(), settings.limits().perServer(), Loops.random().nextLong(), this::announce);
    }

    /** The router listens before anything that needs it is there. */
    private void openDatabase() {
        database = SiteDatabase.open(file, ground, telemetry.statements());
        opened.add("the database's router", database);
        database.router().ifPresent(door::keepFresh);
        door.keepCertificatesFresh(ground.files(), ground.decisions()::announce);
        supervisor = new Supervisor(folder, ground.loops().blocking(), ground.clock(), Loops.random(), this::heard);
    }

    /** What is added last is closed first: the door and the running move, then the instances, then the router, then the database's servers. */
    private void openControl() {
        Clock clock = ground.clock();
        ExecutorService blocking = ground.loops().blocking();
        FreePorts free = new FreePorts();
        PostgresServers servers = new PostgresServers(supervisor, file.site(), file.database(), free);
        RedisServers nodes = new RedisServers(supervisor, file.cache(), free, ground.decisions()::announce);
        cache = new SiteCache(file, ground, database, nodes, this::writeRunning);
        SiteInstances started = new SiteInstances(supervisor, free, siteFile, this::variables);
        instances = started;
        SiteGateway gateway = SiteGateway.open(door, siteFile.getParent(), cache::counters, ground);
        opened.add("the gateway", gateway);
        SiteDoor siteDoor = new SiteDoor(door, gateway, file, group, this::newGroup, clock, telemetry::use);
        SiteEdges edges = new SiteEdges(door, ground, telemetry::tracer);
        RemoteEdges remote = RemoteEdges.open(ground);
        SiteUsage usage = SiteUsage.open(ground);
        Journal journal = Journal.open(folder.path());
        opened.add("the journal", journal);
        DatabaseReach reach = new DatabaseReach(clock);
        DatabasePorts databasePorts = new DatabasePorts(new SiteServers(servers, this::started, reach), database.door(), new SiteClusterStore(servers.clusterFile()), blocking, blocking);
        site = new Site(file, journal, new Ports(started, siteDoor, databasePorts, new CachePorts(new SiteCacheNodes(nodes), cache), edges, ground::later, clock, ground.decisions()::announce), blocking);
        database.follow(() -> site.wanted().stage().atLeast(Stage.REPLICATION));
        SitePromises promises = SitePromises.open(() -> site.wanted().site().slo(), ground, edges, remote);
        opened.add("what is promised", promises);
        SitePicture.Recent recent = SitePicture.Recent.of(ground.registry()::snapshot);
        SitePicture picture = new SitePicture(site, new ServerNodes(siteDoor), database, cache, edges, remote, nodes, () -> version(servers), recent, this::addresses, folder,
                new RequestWay(edges, door, this::addresses, () -> site.wanted().site().gateway()), promises::shown, clock);
        ArrowWays ways = new ArrowWays(ground.loops().wires(), Loops.random(), edges, () -> door.addresses().stream().map(HostPort::port).collect(Collectors.toSet()),
                name -> siteDoor.address(name).or(() -> database.address(name)).or(() -> nodes.running(name).map(RunningRedis::address)), reach);
        FaultDesk faults = new FaultDesk(new FaultPlaces(folder, () -> picture.site().arrows(), edges, ways), new FaultNotes(folder), ground::later, ground::announce, clock);
        EdgeDesk edgeDesk = new EdgeDesk(edges, remote, Ground.newName(), clock);
        door.tellingWrites(new WriteNews(edges::any, ground::later, ground.registry(), edgeDesk::written));
        SiteActions actions = new SiteActions(site, this::readAgain, this::moved, edgeDesk, faults, new SiteTrickle(this::addresses, ground), usage::memory);
        console = SiteConsole.open(file.console(), ground, picture, actions);
        opened.add("the console", console);
        opened.add("the history", SiteHistory.open(ground, picture::site, recent, usage));
        opened.add("the database's servers", site::stopDatabase);
        opened.add("the database's sessions", database);
        opened.add("the cache's nodes", nodes::stop);
        opened.add("the cache", cache::end);
        opened.add("the instances", () -> started.close(blocking));
        opened.add("the edges", edges);
        opened.add("the move under way", site);
        opened.add("the front door", () -> door.close(farewell));
        opened.add("the faults", faults);
        console.onRenewal(this::writeRunning);
        observe(edges);
        writeRunning();
        opened.add(Running.FILE, () -> Running.forget(folder));
    }

    private void observe(SiteEdges edges) {
        SiteMetrics metrics = new SiteMetrics(ground.registry());
        metrics.disk(folder);
        database.router().ifPresent(router -> metrics.primary(() -> router.cluster().primary().isPresent()));
        door.certificateEnds().ifPresent(_ -> metrics.certificate("front-door", door::certificateEnds));
        console.ends().ifPresent(_ -> metrics.certificate("console", console::ends));
        file.edge().remote().ifPresent(_ -> metrics.certificate("edge.remote", () -> edges.remoteWay().map(SiteEdges.RemoteWay::ends)));
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

    private void heard(ProcessEvent event) {
        ground.log().info("engines", event.sentence());
        if (event instanceof ProcessEvent.Restarting again && again.name().matches("cache-[0-9]+")) {
            ground.announce("restart " + again.name() + " in " + again.in().toMillis() + " ms", again.after().sentence(), "restart " + again.attempt() + " in a row");
        }
        SiteInstances hearing = instances;
        if (hearing != null) {
            hearing.heard(event);
        }
    }

    private void announce(HealthChange change) {
        ground.announce(change.what(), change.why(), change.seen());
    }
}
