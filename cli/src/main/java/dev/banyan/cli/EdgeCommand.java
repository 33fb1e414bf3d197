package dev.banyan.cli;

import dev.banyan.engines.StateFolder;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Edge;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "edge",
        description = "Runs one edge of a site, on any machine: joins it at its admin API, serves until Ctrl-C, and goes on serving what it has while the site is away.")
final class EdgeCommand implements Callable<Integer> {
    private static final String TOKEN = "BANYAN_TOKEN";

    private final Terminal terminal;

    @Option(names = "--join", required = true, paramLabel = "URL", description = "The site's console, as https://10.0.0.1:9900.")
    private String join = "";

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "What the edge is called, as lisbon-1.")
    private String name = "";

    @Option(names = "--listen", paramLabel = "ADDRESS", description = "HOST:PORT or a port. Default: ${DEFAULT-VALUE}.", defaultValue = "8080")
    private String listen = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the site's token (its .banyan/console.token). Default: the variable " + TOKEN + ".")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(names = "--fingerprint", paramLabel = "SHA256", description = "Of the console's certificate, as 'banyan up' prints it: no other console is believed.")
    private Optional<String> fingerprint = Optional.empty();

    @Option(names = "--ca", paramLabel = "FILE", description = "PEM certificates of who vouches for the console's. Default: whom this system trusts.")
    private Optional<Path> authorities = Optional.empty();

    @Option(names = "--origin", paramLabel = "HOST:PORT", description = "Where the site lets edges in (edge.remote.listen), where it is reached through something. Default: the host of --join.")
    private Optional<String> origin = Optional.empty();

    @Option(names = "--memory", paramLabel = "SIZE", description = "For responses, as 256MiB. Default: what the site file says.")
    private Optional<String> memory = Optional.empty();

    @Option(names = "--disk", paramLabel = "SIZE", description = "For responses, as 10GiB; 0B is none. Default: what the site file says.")
    private Optional<String> disk = Optional.empty();

    @Option(names = "--folder", paramLabel = "FOLDER", description = "For its logs and stored responses. Default: .banyan-NAME here.")
    private Optional<Path> folder = Optional.empty();

    EdgeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        URI site = site();
        JoinedEdge.Wish wish = new JoinedEdge.Wish(name, address(listen), origin.map(EdgeCommand::address), this::own);
        StateFolder state = StateFolder.at(folder.orElseGet(() -> Path.of(".banyan-" + name)));
        Files.createDirectories(state.path().resolve("logs"));
        CountDownLatch over = new CountDownLatch(1);
        try (Loops loops = Loops.open(); AdminClient client = AdminClient.at(site.toString(), trust(), token());
                JoinedEdge edge = JoinedEdge.join(wish, client, site.getHost(), new RunningEdge.Surroundings(loops, Clock.system(), state.path(), terminal::problem), terminal::progress)) {
            terminal.say(terminal.bold(name) + " has joined " + site + " and listens at " + edge.address());
            loops.blocking().execute(() -> serve(edge));
            Signals.listen(over::countDown);
            over.await();
            terminal.progress("stopping: requests in flight may end");
        }
        return Failures.DONE;
    }

    private static void serve(JoinedEdge edge) {
        try {
            edge.serve();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URI site() {
        String url = join.endsWith("/") ? join.substring(0, join.length() - 1) : join;
        if (!url.matches("https?://[^/?#\\s]+")) {
            throw new BanyanException(ErrorCode.USAGE, "--join is the address of the site's console, as https://10.0.0.1:9900, not '" + join + "'");
        }
        return URI.create(url);
    }

    private static HostPort address(String text) {
        try {
            return HostPort.parse(text, HostPort.ALL_INTERFACES);
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, "'" + text + "' is no address: give HOST:PORT or a port", e);
        }
    }

    /** The space is this machine's. */
    private EdgeSettings own(EdgeSettings site) {
        Edge of = site.edge();
        Edge here = new Edge(of.nodes(), of.shield(), memory.map(EdgeCommand::size).orElse(of.memory()), disk.map(EdgeCommand::size).orElse(of.disk()), of.eviction(), of.object(), of.stale(),
                of.negative(), of.cookies(), of.key(), of.clients(), of.remote());
        return new EdgeSettings(site.door(), here, site.healthPath(), site.within());
    }

    private static ByteSize size(String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, "'" + text + "' is no size: write a whole number and B, KB, MB, GB, KiB, MiB or GiB, as 256MiB", e);
        }
    }

    private ConsoleTrust trust() {
        if (fingerprint.isPresent() && authorities.isPresent()) {
            throw new BanyanException(ErrorCode.USAGE, "--fingerprint and --ca both say which console is the right one: keep one of them");
        }
        return fingerprint.map(ConsoleTrust::pinned).or(() -> authorities.map(ConsoleTrust::authorities)).orElse(ConsoleTrust.SYSTEM);
    }

    private Secret token() {
        try {
            if (tokenFile.isPresent()) {
                return new Secret(Files.readString(tokenFile.get()).strip());
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.USAGE, "the token cannot be read from " + tokenFile.get() + ": " + e.getMessage(), e);
        }
        return Optional.ofNullable(System.getenv(TOKEN)).map(Secret::new).orElseThrow(() -> new BanyanException(ErrorCode.USAGE,
                "say the site's token: --token-file FILE, or the variable " + TOKEN + "; it is in .banyan/console.token of the site"));
    }
}
