package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.Purge;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.net.IoKind;
import dev.banyan.topology.Edge;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many clients of every kind before an edge with little memory, behind it an origin that breaks its answers, and purges in between; all of it follows from a seed, but
 * for what threads and sockets make of it. {@code -Dchaos.first=1000 -Dchaos.seeds=100} runs others, {@code -Dchaos.io=NIO} on another kind of IO; every fifth is by TLS.
 *
 * <p>What holds: each byte is of a version of what was asked for, what looks whole is whole, nobody gets another's, each request ends, a purge is a purge; and when it
 * is quiet nothing is left over.
 */
class EdgeChaosTest {
    private static final long MEMORY = 6 << 20;
    private static final int CLIENTS = 12;
    private static final int CONNECTIONS = 4;
    private static final String PATIENCE = "  timeouts: {response: 400ms, body: 1500ms, idle: 20s}\n";

    @TempDir
    Path folder;

    static List<Long> seeds() {
        long first = Long.getLong("chaos.first", 1);
        int count = Integer.getInteger("chaos.seeds", 6);
        return java.util.stream.LongStream.range(first, first + count).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensEachAnswerIsOneOfTheOriginsAndNothingIsLeftOver(long seed) throws Exception {
        Mishaps.forget();
        SplittableRandom random = new SplittableRandom(seed);
        ChaosOrigin script = new ChaosOrigin(seed);
        List<Throwable> faults = new CopyOnWriteArrayList<>();
        AtomicInteger whole = new AtomicInteger();
        AtomicIntegerArray floors = new AtomicIntegerArray(ChaosPage.PAGES);
        String limits = random.nextBoolean() ? "" : "  limits: {per-server: 6, queue: 8}\n";
        EdgeCache[] edge = new EdgeCache[1];
        boolean disk = random.nextInt(3) == 0;
        boolean tls = seed % 5 == 0;
        String settings = PATIENCE + limits + (tls ? TlsTest.TLS : "");
        try (Origin origin = new Origin(script); Site site = Site.edge(kind(), 2, settings, blocking -> edge[0] = cache(seed, disk, (ExecutorService) blocking), origin)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom own = random.split();
                String me = "client-" + i;
                threads.add(Thread.ofVirtual().unstarted(() -> live(site, tls, own, () -> ChaosAsk.any(own, me, floors), whole, faults)));
            }
            threads.forEach(Thread::start);
            Thread purger = Thread.ofVirtual().start(() -> purge(edge[0], tls ? "https://a" : "http://a", script, floors, new SplittableRandom(seed), threads, faults));
            for (Thread thread : threads) {
                thread.join();
            }
            purger.join();
            assertThat(faults).as("seed %d", seed).isEmpty();
            assertThat(whole.get()).as("answers of seed %d", seed).isGreaterThan(CLIENTS);
            quiet(site, edge[0], seed);
        }
        assertThat(Mishaps.heard()).as("seed %d", seed).isEmpty();
    }

    private static IoKind kind() {
        return Optional.ofNullable(System.getProperty("chaos.io")).map(IoKind::valueOf).orElseGet(IoKind::best);
    }

    private EdgeCache cache(long seed, boolean disk, ExecutorService blocking) {
        Edge settings = SiteFile.read("site: test\napplication: {command: [x]}\nedge:\n  memory: 16MiB\n", _ -> Optional.empty()).orThrow("test").edge();
        Edge.Eviction[] all = Edge.Eviction.values();
        var sizes = new ResponseStore.Settings(MEMORY, 1 << 20, all[(int) (seed % all.length)], 2, 4);
        return new EdgeCache("edge-1", settings, disk ? ResponseStore.open(sizes, new ResponseStore.Disk(folder, 4 << 20), blocking, _ -> {}) : ResponseStore.inMemory(sizes));
    }

    private static void live(Site site, boolean tls, SplittableRandom random, Supplier<ChaosAsk> next, AtomicInteger whole, List<Throwable> faults) {
        for (int i = 0; i < CONNECTIONS && faults.isEmpty(); i++) {
            try {
                boolean streams = random.nextInt(3) == 0;
                Socket socket = tls ? secure(site, streams ? "h2" : "http/1.1") : site.connect();
                if (random.nextInt(3) == 0) {
                    socket.setReceiveBufferSize(32_768);
                }
                whole.addAndGet(streams ? ChaosStreams.run(socket, random, next) : ChaosClient.run(socket, random, next));
            } catch (java.net.SocketTimeoutException never) {
                faults.add(new AssertionError("a request did not end in 10 s", never));
            } catch (IOException gone) {
                // it was cut, which it may be
            } catch (Throwable fault) {
                faults.add(fault);
            }
        }
    }

    private static Socket secure(Site site, String protocol) throws Exception {
        SSLSocket socket = (SSLSocket) TlsTest.trustingAnyone().getSocketFactory().createSocket("127.0.0.1", site.tlsPort());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void purge(EdgeCache edge, String host, ChaosOrigin origin, AtomicIntegerArray floors, SplittableRandom random, List<Thread> clients, List<Throwable> faults) {
        try {
            while (clients.stream().anyMatch(Thread::isAlive)) {
                int index = random.nextInt(ChaosPage.PAGES);
                boolean all = random.nextInt(10) == 0;
                CacheKey key = EdgeCache.key(host + ChaosPage.path(index), edge.settings().key());
                int before = origin.serial();
                boolean hard = random.nextInt(3) > 0;
                edge.store().purge(new Purge(all ? new Purge.Scope.All() : new Purge.Scope.Url(key), hard));
                for (int i = all ? 0 : index; hard && i < (all ? ChaosPage.PAGES : index + 1); i++) {
                    floors.accumulateAndGet(i, before, Math::max);
                }
                Site.pass(java.time.Duration.ofMillis(random.nextInt(20)));
            }
        } catch (Throwable fault) {
            faults.add(fault);
        }
    }

    private static void quiet(Site site, EdgeCache edge, long seed) {
        Site.await("no connections, seed " + seed, () -> site.door.connections() == 0);
        Site.await("nothing at the origin, seed " + seed, () -> site.inFlight() == 0 && site.door.waiting() == 0);
        Site.await("no fetches, seed " + seed, () -> edge.fetches() == 0 && edge.store().figures().coming() == 0);
        assertThat(edge.store().figures().bytes()).as("seed %d", seed).isLessThanOrEqualTo(MEMORY);
        assertThat(edge.store().figures().uncacheable()).isLessThanOrEqualTo(4);
        edge.store().purge(new Purge(new Purge.Scope.All(), true));
        assertThat(edge.store().figures().responses()).as("seed %d", seed).isZero();
        assertThat(edge.store().figures().bytes()).as("seed %d", seed).isZero();
    }
}
