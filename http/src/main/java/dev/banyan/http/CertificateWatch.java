package dev.banyan.http;

import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.FrontDoor.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has new connections get certificates that were renewed on disk. Files that cannot be used change nothing, which is said once. Safe for any
 * thread.
 */
final class CertificateWatch implements AutoCloseable {
    private final ServerTls tls;
    private final FileWatch files;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    /** Guarded by this. */
    private FileWatch.Watching watching = () -> {};
    /** Guarded by this. */
    private String lastFault = "";

    CertificateWatch(ServerTls tls, FileWatch files, Clock clock, Consumer<Decision> decisions) {
        this.tls = tls;
        this.files = files;
        this.clock = clock;
        this.decisions = decisions;
    }

    /** Watches the files of a site from now on; a certificate that was made here has none. */
    synchronized void follow(Tls at) {
        watching.close();
        List<Path> these = Certificates.files(at);
        watching = these.isEmpty() ? () -> {} : files.watch(these, () -> renew(at));
    }

    private synchronized void renew(Tls at) {
        try {
            Certificates fresh = Certificates.of(at, Optional.empty(), clock.now());
            tls.use(fresh);
            lastFault = "";
            decisions.accept(new Decision("use certificates", "their files have changed", "the first ends at " + fresh.all().getFirst().chain().getFirst().getNotAfter().toInstant(), clock.now()));
        } catch (BanyanException e) {
            if (!e.getMessage().equals(lastFault)) {
                lastFault = e.getMessage();
                decisions.accept(new Decision("keep certificates", "their files have changed and cannot be used: " + lastFault, "the former ones go on", clock.now()));
            }
        }
    }

    @Override
    public synchronized void close() {
        watching.close();
    }
}
