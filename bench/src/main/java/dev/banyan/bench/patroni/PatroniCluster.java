package dev.banyan.bench.patroni;

import com.sun.security.auth.module.UnixSystem;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.drill.bank.Fault;
import dev.banyan.drill.bank.Server;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One etcd and three nodes, and what can befall them: the node of the primary is lost, and comes back once there is another primary. */
final class PatroniCluster implements Fault, AutoCloseable {
    private static final String USER = "postgres";
    private static final int NODES = 3;
    /** A standby that is no further behind streams. */
    private static final long CLOSE_BYTES = 1 << 20;
    private static final int PATIENCE_MILLIS = 2_000;

    private final TestBed bed;
    private final Path folder;
    private final Path binaries;
    private final int etcd = TestBed.freePort();
    private final List<PatroniNode> nodes = new ArrayList<>();
    private final Map<PatroniNode, Process> running = new HashMap<>();
    private Optional<PatroniNode> lost = Optional.empty();

    PatroniCluster(TestBed bed, Path binaries) throws IOException {
        this.bed = bed;
        this.binaries = binaries;
        this.folder = Files.createDirectories(bed.folder().resolve("patroni"));
        for (int i = 1; i <= NODES; i++) {
            nodes.add(new PatroniNode("n" + i, folder, TestBed.freePort(), TestBed.freePort()));
        }
    }

    /** Starts all, which end with the test bed at the latest, and waits until there is a primary with two standbys. */
    void start() throws IOException, InterruptedException {
        bed.atEnd(this::close);
        if (isRoot()) {
            UserPrincipal owner = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
            Files.setOwner(folder, owner);
        }
        int peers = TestBed.freePort();
        run("etcd", List.of("etcd", "--data-dir", folder.resolve("etcd").toString(), "--listen-client-urls", "http://127.0.0.1:" + etcd,
                "--advertise-client-urls", "http://127.0.0.1:" + etcd, "--listen-peer-urls", "http://127.0.0.1:" + peers));
        for (PatroniNode node : nodes) {
            start(node);
        }
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!whole()) {
            if (System.nanoTime() - until > 0) {
                throw new IOException("Patroni's cluster was not whole within five minutes; its first node said: " + Files.readString(bed.folder().resolve("n1.log")));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private void start(PatroniNode node) throws IOException {
        running.put(node, run(node.name(), node.command(etcd, binaries)));
    }

    /** PostgreSQL refuses to be root. */
    private Process run(String name, List<String> command) throws IOException {
        List<String> all = isRoot() ? Stream.concat(Stream.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"), command.stream()).toList() : command;
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(bed.folder().resolve(name + ".log").toFile()));
        builder.environment().put("HOME", folder.toString());
        return bed.start(builder);
    }

    static boolean isRoot() {
        return new UnixSystem().getUid() == 0;
    }

    /** The driver looks for the primary among all, as an application without a router has to. */
    Secret url() {
        String hosts = nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
        return new Secret("jdbc:postgresql://" + hosts + "/postgres?targetServerType=primary&hostRecheckSeconds=0&user=postgres&password=" + PatroniNode.PASSWORD);
    }

    List<Server> servers() {
        return nodes.stream().map(node -> new Server(node.name(), new Secret("jdbc:postgresql://127.0.0.1:" + node.port() + "/postgres?user=postgres&password=" + PatroniNode.PASSWORD))).toList();
    }

    /** SIGKILL of the primary's PostgreSQL and of its Patroni, as when their machine is lost. */
    @Override
    public String strike(int number) {
        try {
            PatroniNode primary = leader().orElseThrow(() -> new IOException("there is no primary to kill"));
            running.get(primary).destroyForcibly();
            primary.postmaster().orElseThrow(() -> new IOException(primary.name() + " has no PostgreSQL that runs")).destroyForcibly();
            lost = Optional.of(primary);
            return "SIGKILL of " + primary.name() + " and its Patroni";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean whole() {
        try {
            if (lost.isPresent()) {
                Optional<PatroniNode> next = leader();
                if (next.isEmpty() || next.equals(lost)) {
                    return false;
                }
                start(lost.get());
                lost = Optional.empty();
            }
            List<JsonNode> members = leader().map(PatroniCluster::members).orElse(List.of());
            // Until there is a synchronous standby commits wait for nobody, and the loss of the primary would lose them.
            return members.size() == NODES && members.stream().allMatch(PatroniCluster::isUp) && members.stream().anyMatch(member -> member.get("role").asString().equals("sync_standby"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which node says of itself that it holds the lease. */
    private Optional<PatroniNode> leader() {
        return nodes.stream().filter(node -> answer(node, "/primary").isPresent()).findFirst();
    }

    private static List<JsonNode> members(PatroniNode node) {
        JsonNode cluster = answer(node, "/cluster").map(text -> new JsonMapper().readTree(text)).orElse(null);
        return cluster == null ? List.of() : cluster.get("members").valueStream().toList();
    }

    private static boolean isUp(JsonNode member) {
        boolean runs = List.of("running", "streaming").contains(member.get("state").asString());
        return runs && (member.get("role").asString().equals("leader") || member.path("lag").asLong(Long.MAX_VALUE) < CLOSE_BYTES);
    }

    /** Empty for any answer but 200. */
    private static Optional<String> answer(PatroniNode node, String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + node.api() + path).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return Optional.empty();
            }
            try (InputStream body = connection.getInputStream()) {
                return Optional.of(new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The servers first: one whose Patroni was killed is nobody's child. */
    @Override
    public void close() {
        running.values().forEach(Process::destroyForcibly);
        for (PatroniNode node : nodes) {
            try {
                node.postmaster().ifPresent(ProcessHandle::destroyForcibly);
            } catch (IOException e) {
                System.err.println("the PostgreSQL of " + node.name() + " could not be found to be ended: " + e.getMessage());
            }
        }
    }
}
