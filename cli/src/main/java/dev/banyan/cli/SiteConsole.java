package dev.banyan.cli;

import dev.banyan.console.Actions;
import dev.banyan.console.AdminServer;
import dev.banyan.console.ConsoleTls;
import dev.banyan.console.SiteView;
import dev.banyan.console.Token;
import dev.banyan.topology.Console;
import java.time.Instant;
import java.util.Optional;

/** The way into the console: where it is, who may change something, and TLS where the site file wants it. Safe for any thread. */
final class SiteConsole implements AutoCloseable {
    /** In the state folder. */
    static final String TOKEN_FILE = "console.token";

    private final Token token;
    private final Optional<ConsoleTls> tls;
    private final AdminServer server;

    private SiteConsole(Token token, Optional<ConsoleTls> tls, AdminServer server) {
        this.token = token;
        this.tls = tls;
        this.server = server;
    }

    /** @throws dev.banyan.topology.BanyanException PORT_IN_USE, BAD_SITE_FILE when a certificate cannot be used, DISK */
    static SiteConsole open(Console settings, Ground ground, SiteView view, Actions actions) {
        Token token = Token.in(ground.folder().path().resolve(TOKEN_FILE));
        Optional<ConsoleTls> tls = settings.tls().map(at -> ConsoleTls.of(at, ground.certificates(), ground.files(), ground.clock(), ground.decisions()::announce));
        AdminServer server = AdminServer.start(settings.listen(), tls, token, view, actions, ground.registry(), ground.decisions(), ground.log(), ground.loops(), ground.clock());
        return new SiteConsole(token, tls, server);
    }

    /** As a browser on this machine reaches it. */
    String url() {
        return (tls.isPresent() ? "https://" : "http://") + server.address().reachedBy("localhost");
    }

    /** The link that lets its owner change the site. */
    String link() {
        return url() + "/?token=" + token.reveal();
    }

    /** The SHA-256 of its certificate in hexadecimal digits; empty without TLS. */
    String certificate() {
        return tls.map(ConsoleTls::fingerprint).orElse("");
    }

    /** When its certificate ends; empty without TLS. */
    Optional<Instant> ends() {
        return tls.map(ConsoleTls::ends);
    }

    /** @param changed told when another certificate is in use, where it may block */
    void onRenewal(Runnable changed) {
        tls.ifPresent(used -> used.onRenewal(changed));
    }

    @Override
    public void close() {
        server.close();
        tls.ifPresent(ConsoleTls::close);
    }
}
