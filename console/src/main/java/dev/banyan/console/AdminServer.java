package dev.banyan.console;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** The console's door: the admin API, the page and the metrics on one address. */
public final class AdminServer implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final int BACKLOG = 128;

    private final HttpServer server;
    private final HostPort address;
    private final Feed feed;
    private final Decisions.Listening listening;
    private volatile boolean closed;

    private AdminServer(HttpServer server, HostPort address, Feed feed, Decisions.Listening listening) {
        this.server = server;
        this.address = address;
        this.feed = feed;
        this.listening = listening;
    }

    /**
     * Listens and answers from now on.
     *
     * @param listen port 0 lets the system choose
     * @param token what allows changes
     * @throws BanyanException PORT_IN_USE when it cannot listen there
     */
    public static AdminServer start(
            HostPort listen, Token token, SiteView view, Actions actions, Registry registry, Decisions decisions, EventLog log, Loops loops, Clock clock) {
        return start(listen, Optional.empty(), token, view, actions, registry, decisions, log, loops, clock);
    }

    /** The same, with TLS where there is some. */
    public static AdminServer start(
            HostPort listen, Optional<ConsoleTls> tls, Token token, SiteView view, Actions actions, Registry registry, Decisions decisions, EventLog log, Loops loops, Clock clock) {
        limit();
        HttpServer server = bind(listen, tls);
        HostPort address = new HostPort(listen.host(), server.getAddress().getPort());
        Feed feed = new Feed(registry);
        Subjects subjects = new Subjects();
        Moves moves = new Moves(view, actions, loops.blocking(), clock, log);
        moves.listen(report -> {
            feed.send("move", Json.write(report));
            if (report.isOver()) {
                feed.send("site", Json.write(view.site()));
            }
        });
        Decisions.Listening toDecisions = decisions.listen(decision -> feed.send("decision", Json.write(subjects.row(decision))));
        FaultCalls faults = new FaultCalls(actions.faults());
        Runnable toFaults = actions.faults().listen(() -> feed.send("faults", Json.write(faults.all())));
        Decisions.Listening listening = () -> {
            toDecisions.close();
            toFaults.run();
        };
        Gate gate = new Gate(address, token, tls, new WrongTokens(clock));
        Api api = new Api(view, actions, moves, decisions, subjects, registry, feed);
        server.createContext("/", new Door(gate, api, new Page(), registry, log, clock));
        server.setExecutor(loops.blocking());
        server.start();
        AdminServer console = new AdminServer(server, address, feed, listening);
        loops.blocking().execute(() -> console.beat(view, moves, subjects, log, clock));
        return console;
    }

    /** Where it listens. */
    public HostPort address() {
        return address;
    }

    @Override
    public void close() {
        closed = true;
        listening.close();
        feed.close();
        server.stop(0);
    }

    /** Tells all readers the site as it is, once a second, while there are any. */
    private void beat(SiteView view, Moves moves, Subjects subjects, EventLog log, Clock clock) {
        try {
            while (!closed) {
                clock.sleep(BEAT);
                try {
                    Site site = view.site();
                    subjects.note(site);
                    moves.tick(site);
                    if (feed.hasReaders()) {
                        feed.send("site", Json.write(site));
                    }
                } catch (RuntimeException e) {
                    log.error("console", "the site could not be shown", "error", e.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The JDK's server reads its limits once, from system properties; what the user set stays. */
    static void limit() {
        set("sun.net.httpserver.nodelay", "true");
        set("sun.net.httpserver.maxReqHeaders", "64");
        set("sun.net.httpserver.maxReqHeaderSize", "32768");
        set("sun.net.httpserver.maxReqTime", "10");
        set("jdk.httpserver.maxConnections", "256");
    }

    private static void set(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    private static HttpServer bind(HostPort listen, Optional<ConsoleTls> tls) {
        try {
            InetSocketAddress at = new InetSocketAddress(listen.host(), listen.port());
            if (tls.isEmpty()) {
                return HttpServer.create(at, BACKLOG);
            }
            HttpsServer server = HttpsServer.create(at, BACKLOG);
            server.setHttpsConfigurator(tls.get().configurator());
            return server;
        } catch (BindException e) {
            throw new BanyanException(
                    ErrorCode.PORT_IN_USE, "the console cannot listen on " + listen + ": " + e.getMessage() + "; set console.listen to another port", e);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.PORT_IN_USE, "the console cannot listen on " + listen + ": " + e, e);
        }
    }
}
