package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.wire.RealPostgres;
import dev.banyan.postgres.wire.ServerCancel;
import dev.banyan.postgres.wire.ServerOpening;
import dev.banyan.postgres.wire.ServerTls;
import dev.banyan.postgres.wire.Users;
import dev.banyan.postgres.wire.Verifier;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The router on sockets before the embedded PostgreSQL: ten thousand idle clients, and clients that do not read or never stop sending. */
class RouterSocketsIT {
    private static final Clock CLOCK = Clock.system();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int CLIENTS = 10_000;
    private static final long MIB = 1 << 20;

    @TempDir
    static Path folder;

    private static final Queue<Throwable> FAULTS = new ConcurrentLinkedQueue<>();
    private static RealPostgres server;
    private static Loops loops;
    private static PostgresRouter router;
    private final ByteBuffer space = ByteBuffer.allocateDirect(64 << 10);

    @BeforeAll
    static void open() throws Exception {
        server = RealPostgres.start(folder, List.of("host all ann 127.0.0.1/32 trust"), false);
        server.execute("CREATE USER ann", "CREATE TABLE notes (id int)", "GRANT ALL ON notes TO ann");
        loops = Loops.open(IoKind.best(), 2);
        DatabaseRouter base = Routers.defaults();
        DatabaseRouter.Pool pool = new DatabaseRouter.Pool(0, 20, 20, 4, CLIENTS, PATIENCE, Duration.ofMinutes(10), Duration.ofHours(1));
        DatabaseRouter settings = new DatabaseRouter(new HostPort("127.0.0.1", 0), base.tls(), base.usersFile(), base.mode(), base.clients(), pool, base.reads(),
                base.preparedStatements(), base.statement(), base.slow());
        Verifier ann = new Verifier.Md5(new Secret("md5" + Md5.hex((RouterWorld.PASSWORD + "ann").getBytes(StandardCharsets.UTF_8))));
        Users users = (_, _, found) -> found.accept(new Users.Found.Known(ann));
        Login monitor = new Login("ann", "postgres", 0, Map.of(), new Proof.Password(new Secret(RouterWorld.PASSWORD)));
        router = PostgresRouter.of(new PostgresRouter.Setup(settings, users, Optional.empty(),
                new ServerOpening(loops.transport(), ServerTls.none(), Duration.ofSeconds(60), Duration.ofSeconds(60), loops.blocking(), Loops.secrets()),
                new ServerCancel(loops.transport(), ServerTls.none(), Duration.ofSeconds(5)), () -> monitor, () -> Catalogue.NONE, loops.transport(), CLOCK, Loops.random(1),
                Loops.secrets(), new Registry(CLOCK), Set.of(), _ -> { }, _ -> { }, FAULTS::add));
        router.use(Cluster.of(server.member()));
        router.open();
    }

    @AfterAll
    static void close() {
        router.close();
        loops.close();
        server.close();
        assertThat(FAULTS).isEmpty();
    }

    private RawClient client() throws Exception {
        return RawClient.login(router.address(), "ann", space);
    }

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        long end = CLOCK.nanos() + PATIENCE.toNanos();
        while (!there.getAsBoolean()) {
            assertThat(CLOCK.nanos() - end).as("waiting until " + what).isNegative();
            CLOCK.sleep(Duration.ofMillis(5));
        }
    }

    private static int busy() {
        return router.places(server.member()).figures().stream().mapToInt(PoolFigures::busy).sum();
    }

    /** Of the router's buffers. */
    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
    }

    private static long heapBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Both ends of each connection are this process's: as many as its files allow. */
    private static int clients() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return (int) Math.min(CLIENTS, (system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 200) / 2);
        }
        return CLIENTS;
    }

    @Test
    void tenThousandIdleClientsShareTwentyConnections_andAllAreServed() throws Exception {
        int count = clients();
        List<RawClient> clients = new ArrayList<>(count);
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(client()); // what is loaded and grown once is not a client's
            }
            long heap = heapBytes();
            long direct = directBytes();
            while (clients.size() < count) {
                clients.add(client());
            }
            System.out.printf("%d idle clients: %d bytes of heap each (the router's and this test's end), %d bytes of buffers each%n",
                    count, (heapBytes() - heap) / count, Math.max(0, directBytes() - direct) / count);
            for (int i = 0; i < count; i++) {
                clients.get(i).send(Sent.query("select " + i));
            }
            for (int i = 0; i < count; i++) {
                assertThat(clients.get(i).hear("Z I", space)).containsExactly("T", "D " + i, "C SELECT 1", "Z I");
            }
            PoolFigures pool = router.places(server.member()).figures().getFirst();
            assertThat(pool.open()).isLessThanOrEqualTo(20);
            await("all connections are given back", () -> busy() == 0);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        await("all have left", () -> router.clients() == 0);
    }

    @Test
    void anAnswerOfAGibibyteThatNobodyReadsStaysAtTheServer() throws Exception {
        try (RawClient client = client(); var admin = server.admin(); var statement = admin.createStatement()) {
            long before = directBytes();
            long most = before;
            client.send(Sent.query("select repeat('x', 1048576) from generate_series(1, 1024)"));
            int stuck = 0;
            long end = CLOCK.nanos() + PATIENCE.toNanos();
            while (stuck < 100) {
                try (var waits = statement.executeQuery("select wait_event from pg_stat_activity where usename = 'ann' and state = 'active'")) {
                    stuck = waits.next() && "ClientWrite".equals(waits.getString(1)) ? stuck + 1 : 0;
                }
                most = Math.max(most, directBytes());
                assertThat(CLOCK.nanos() - end).as("waiting until the server can send no more").isNegative();
            }
            System.out.printf("a client that does not read: at most %d KiB of buffers more%n", (most - before) >> 10);
            assertThat(most - before).isLessThan(16 * MIB);
        }
        await("the connection is given back", () -> busy() == 0);
    }

    @Test
    void whoSendsForEverWhileThereIsNoServerIsNotReadForEver() throws Exception {
        Cluster cluster = router.cluster();
        ByteBuffer queries = ByteBuffer.wrap(Sent.query("insert into notes values (1) /* " + "x".repeat(100_000) + " */"));
        try (RawClient client = client()) {
            router.use(new Cluster(cluster.epoch(), Optional.empty(), List.of(), false));
            long before = directBytes();
            long sent = 0;
            long lastNanos = CLOCK.nanos();
            while (CLOCK.nanos() - lastNanos < Duration.ofMillis(500).toNanos()) {
                int more = client.sendWhatFits(queries);
                sent += more;
                lastNanos = more > 0 ? CLOCK.nanos() : lastNanos;
                queries.position(queries.hasRemaining() ? queries.position() : 0);
            }
            System.out.printf("a client that sends for ever: %d KiB went, at most %d KiB of buffers more%n", sent >> 10, (directBytes() - before) >> 10);
            assertThat(directBytes() - before).isLessThan(16 * MIB);
            assertThat(sent).as("the sockets' buffers, and a little more").isLessThan(64 * MIB);
        } finally {
            router.use(cluster);
        }
        await("it has left", () -> router.clients() == 0);
    }
}
