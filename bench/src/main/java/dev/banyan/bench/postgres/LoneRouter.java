package dev.banyan.bench.postgres;

import dev.banyan.bench.bed.LoneProgram;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.postgres.Cluster;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.PostgresRouter;
import dev.banyan.postgres.Proof;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.wire.CatalogueUsers;
import dev.banyan.postgres.wire.ServerCancel;
import dev.banyan.postgres.wire.ServerLookup;
import dev.banyan.postgres.wire.ServerOpening;
import dev.banyan.postgres.wire.ServerTls;
import dev.banyan.postgres.wire.Users;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * A PostgreSQL router by itself, with one IO loop and the site file's defaults: what the benchmarks and pgjdbc's tests are run through. Whoever
 * may log in to the server may log in here. It ends when its standard input does.
 */
public final class LoneRouter {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** Asked at each login: pgjdbc's tests change passwords and log in at once. */
    private static final Duration KEEP_USERS = Duration.ZERO;
    private static final int MOST_USERS = 1000;

    private LoneRouter() {}

    /**
     * What it is told, in a file: its command line can be seen by all.
     *
     * @param mode transaction or session
     * @param pool server connections at most, for each user and database
     * @param members ports of servers at 127.0.0.1, the primary first
     * @param user a superuser, who reads the other users' secrets and watches the servers
     */
    public record Told(int port, String mode, int pool, List<Integer> members, String user, Secret password, String database) {
        public Told {
            members = List.copyOf(members);
        }

        /** Writes it to a file and gives the program's arguments. */
        public List<String> arguments(Path file) throws IOException {
            Files.writeString(file, "port=%d\nmode=%s\npool=%d\nmembers=%s\nuser=%s\npassword=%s\ndatabase=%s\n".formatted(
                    port, mode, pool, String.join(",", members.stream().map(String::valueOf).toList()), user, password.reveal(), database));
            return List.of(file.toString());
        }

        static Told read(Path file) throws IOException {
            Properties read = new Properties();
            try (Reader in = Files.newBufferedReader(file)) {
                read.load(in);
            }
            return new Told(Integer.parseInt(read.getProperty("port")), read.getProperty("mode"), Integer.parseInt(read.getProperty("pool")),
                    List.of(read.getProperty("members").split(",")).stream().map(Integer::valueOf).toList(),
                    read.getProperty("user"), new Secret(read.getProperty("password")), read.getProperty("database"));
        }
    }

    /** The command that starts one, in the manner of the launcher. */
    public static List<String> command(Told told, Path file) throws IOException {
        return LoneProgram.command(LoneRouter.class, told.arguments(file));
    }

    /** @param arguments the file of {@link Told} */
    public static void main(String[] arguments) throws IOException {
        Told told = Told.read(Path.of(arguments[0]));
        Loops loops = Loops.open(IoKind.best(), 1);
        Clock clock = Clock.system();
        List<Member> members = new ArrayList<>();
        for (int port : told.members()) {
            members.add(new Member("db-" + (members.size() + 1), new HostPort("127.0.0.1", port)));
        }
        Login login = new Login(told.user(), told.database(), 0, Map.of(), new Proof.Password(told.password()));
        ServerOpening opening = new ServerOpening(loops.transport(), ServerTls.none(), LIMIT, LIMIT, loops.blocking(), Loops.secrets());
        Users users = new CatalogueUsers(
                new ServerLookup(opening, loops.transport().loops().next(), () -> Optional.of(members.getFirst()), login, LIMIT), clock, KEEP_USERS, MOST_USERS);
        PostgresRouter router = PostgresRouter.of(new PostgresRouter.Setup(
                settings(told), users, Optional.empty(), opening, new ServerCancel(loops.transport(), ServerTls.none(), LIMIT), () -> login, () -> Catalogue.NONE,
                loops.transport(), clock, Loops.random(), Loops.secrets(), new Registry(clock), Set.of(told.user()), _ -> {},
                decision -> System.err.println(decision), Throwable::printStackTrace));
        router.use(new Cluster(1, Optional.of(members.getFirst()), members.subList(1, members.size()), false));
        router.open();
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        System.exit(0);
    }

    private static DatabaseRouter settings(Told told) {
        String yaml = """
                site: bench
                application: { command: [none] }
                database: { kind: postgresql, router: { listen: '127.0.0.1:%d', mode: %s, pool: { size: %d, per-server: 200 } } }
                """.formatted(told.port(), told.mode(), told.pool());
        return SiteFile.read(yaml, _ -> Optional.empty()).orThrow("bench").database().router();
    }
}
