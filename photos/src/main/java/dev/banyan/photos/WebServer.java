package dev.banyan.photos;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance: the port, the site behind it, and how it stops. The port opens at once and {@code /health} says 503 until the
 * database is there. It stops in order: health turns 503, the port closes, requests in flight end, WebSockets are told to come
 * back elsewhere (1001), the database's connections close.
 */
final class WebServer {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /** Longer than any proxy before us keeps an idle connection, so that it is never us who close one just as a request comes. */
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final Duration NOTICE = Duration.ofMillis(300);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);
    private static final Duration PING = Duration.ofSeconds(20);

    private final Server server;
    private final ServerConnector connector;
    private final Site site;
    private final String instance;
    private final AtomicReference<Application> application = new AtomicReference<>();

    private WebServer(Settings settings) {
        instance = settings.instance();
        site = new Site(instance);
        QueuedThreadPool threads = new QueuedThreadPool(16, 3);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
        connector.setPort(settings.port());
        settings.host().ifPresent(connector::setHost);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setShutdownIdleTimeout(NOTICE.toMillis());
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        WebSocketUpgradeHandler sockets = WebSocketUpgradeHandler.from(server, this::webSockets);
        sockets.setHandler(site);
        server.setHandler(sockets);
        server.setErrorHandler(quietErrors());
    }

    /**
     * Opens the port, then waits for the database.
     *
     * @throws IOException if the port is taken or the database does not come
     */
    static WebServer start(Settings settings) throws IOException, SQLException, InterruptedException {
        WebServer web = new WebServer(settings);
        Thread opening = Thread.ofPlatform().name("open-port").start(web::open);
        try {
            Application application = Application.start(settings);
            web.application.set(application);
            opening.join();
            if (!web.server.isStarted()) {
                application.stop();
                throw new IOException("port " + settings.port() + " cannot be opened: is it taken? Set PORT to another.");
            }
            web.site.ready(application);
            Thread.ofVirtual().name("pings").start(web::pings);
            return web;
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            opening.join();
            web.stopServer();
            throw e;
        }
    }

    /** What is done with a rehearsal's port. */
    interface Rehearsal {
        void with(int port) throws IOException;
    }

    /** Opens the port without a database, where all but health is 503, and closes it again. */
    static void rehearse(Settings settings, Rehearsal rehearsal) throws IOException {
        WebServer web = new WebServer(settings);
        web.open();
        try {
            rehearsal.with(web.port());
        } finally {
            web.stopServer();
        }
    }

    private void open() {
        try {
            server.start();
        } catch (Exception e) {
            LOG.debug("the port was not opened", e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Closes the port to newcomers, waits for what is in flight (at most five seconds), then ends. */
    void stop() throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_STOP.toNanos();
        Application current = application.get();
        site.drain();
        if (!connector.getConnectedEndPoints().isEmpty()) {
            Thread.sleep(NOTICE);
        }
        connector.shutdown();
        current.live().goAway();
        current.ending();
        while ((site.inFlight() > 0 || !connector.getConnectedEndPoints().isEmpty()) && System.nanoTime() < deadline) {
            Thread.sleep(Duration.ofMillis(10));
        }
        stopServer();
        current.stop();
    }

    private void stopServer() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the server did not stop cleanly", e);
        }
    }

    private void pings() {
        while (server.isRunning()) {
            try {
                Thread.sleep(PING);
                application.get().live().pingAll();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(16 * 1024);
        return configuration;
    }

    /** For what fails before the site sees it (a malformed request): the status alone, nothing about our insides. */
    private static ErrorHandler quietErrors() {
        ErrorHandler errors = new ErrorHandler();
        errors.setShowStacks(false);
        errors.setShowCauses(false);
        errors.setShowMessageInTitle(false);
        return errors;
    }

    private void webSockets(ServerWebSocketContainer container) {
        container.setIdleTimeout(PING.multipliedBy(3));
        container.setMaxTextMessageSize(16 * 1024);
        container.addMapping("/live", this::accept);
    }

    /** A page of another site may not open our WebSocket with the visitor's cookie: an Origin must be this host. */
    private Object accept(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) throws SQLException {
        response.getHeaders().put("X-Served-By", instance);
        Application current = application.get();
        if (current == null) {
            Response.writeError(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503);
            return null;
        }
        if (!Origin.isOurs(request)) {
            Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
            return null;
        }
        Optional<Viewer> viewer = current.viewer(request);
        return new LiveSocket(viewer, current.live(), instance);
    }
}
