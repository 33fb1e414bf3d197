package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.AddressMap.Place;
import dev.banyan.net.Identity;
import dev.banyan.net.LocalCertificate;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** The front door gives new connections to edges before it, has old ones come again, and believes edges alone. */
class HandOverTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final HostPort LOOPBACK = new HostPort("127.0.0.1", 0);
    private static final EdgePass PASS = new EdgePass(new Secret("the edges' own"));

    private static EdgeEntrance entrance(Site site) {
        return site.door.listenForEdges(LOOPBACK, "edge", PASS, Optional.empty());
    }

    private static FrontDoor edge(Site site) {
        return site.edge(Introduction.plain(PASS), entrance(site));
    }

    private static void handOver(Site site, Object... edgesAndNetworks) {
        List<Place<FrontDoor>> places = Stream.iterate(0, i -> i < edgesAndNetworks.length, i -> i + 2)
                .map(i -> new Place<>((FrontDoor) edgesAndNetworks[i], List.of((String) edgesAndNetworks[i + 1]))).toList();
        AddressMap<FrontDoor> map = AddressMap.of(places);
        site.door.handOver(from -> map.nearest(((InetSocketAddress) from).getAddress(), edge -> !edge.closing()));
    }

    @Test
    void newConnectionsGoToTheEdge_andOpenOnesComeAgain_thereAndBack() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin); FrontDoor edge = edge(site); Client old = new Client(site)) {
            assertThat(old.say(GET).answer()).doesNotContain("Connection: close");
            handOver(site, edge, "127.0.0.0/8");
            site.door.moveOn();
            assertThat(old.say(GET).rest()).contains("Connection: close\r\n").endsWith("\r\n\r\nx");
            try (Client fresh = new Client(site)) {
                assertThat(fresh.say(GET).answer()).endsWith("x");
                assertThat(edge.connections()).isEqualTo(1);
                assertThat(origin.heads.getLast()).contains("X-Forwarded-For: 127.0.0.1, 127.0.0.1\r\n", "X-Forwarded-Host: a\r\n");
                site.door.handOver(_ -> Optional.empty());
                edge.moveOn();
                assertThat(fresh.say(GET).rest()).contains("Connection: close\r\n").endsWith("\r\n\r\nx");
            }
            Client.get(site, "/");
            assertThat(origin.heads.getLast()).contains("X-Forwarded-For: 127.0.0.1\r\n");
            Site.await("no connection at the edge", () -> edge.connections() == 0);
        }
    }

    @Test
    void aConnectionInTheMiddleOfAnAnswer_endsWithTheNextOne_notWithThis() throws Exception {
        Semaphore gate = new Semaphore(0);
        Origin.Script halting = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx");
            gate.acquireUninterruptibly();
            Origin.write(out, "y");
        };
        try (Origin origin = new Origin(halting); Site site = Site.of("", origin); Client client = new Client(site)) {
            assertThat(client.say(GET).head()).doesNotContain("Connection: close");
            site.door.moveOn();
            gate.release(2);
            assertThat(client.take(2)).isEqualTo("xy");
            assertThat(client.say(GET).rest()).contains("Connection: close\r\n").endsWith("xy");
        }
    }

    @Test
    void anHttp2Connection_isToldToOpenNoMoreStreams_servesThoseOnTheirWay_andEnds() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            assertThat(client.get(1, "/").answer(1)).isEqualTo("200 x");
            site.door.moveOn();
            FrameClient.Frame away = client.await(FrameClient.GOAWAY);
            assertThat(away.error().code()).isZero();
            assertThat(new java.math.BigInteger(1, java.util.Arrays.copyOf(away.payload(), 4)).intValue()).isEqualTo(Integer.MAX_VALUE);
            assertThat(client.get(3, "/").answer(3)).isEqualTo("200 x");
            while (client.read().type() != -1) {
                // a last GOAWAY, then the end
            }
            Site.await("no connection", () -> site.door.connections() == 0);
        }
    }

    @Test
    void anUpgradedConnectionIsLeftAlone() throws Exception {
        Origin.Script upgrading = (request, out) -> {
            Origin.write(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
            for (int b = request.body().read(); b >= 0; b = request.body().read()) {
                out.write(b);
                out.flush();
            }
        };
        try (Origin origin = new Origin(upgrading); Site site = Site.of("", origin); FrontDoor edge = edge(site); Client client = new Client(site)) {
            assertThat(client.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n").head()).startsWith("HTTP/1.1 101 ");
            handOver(site, edge, "127.0.0.0/8");
            site.door.moveOn();
            Client.get(site, "/");
            assertThat(client.say("ping").take(4)).isEqualTo("ping");
        }
    }

    @Test
    void theAddressOfAProxyProtocolHeaderSaysWhichEdgeIsNearest() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  proxy-protocol: true\n", origin); EdgeEntrance entrance = entrance(site);
                FrontDoor here = site.edge(Introduction.plain(PASS), entrance); FrontDoor there = site.edge(Introduction.plain(PASS), entrance)) {
            handOver(site, here, "127.0.0.0/8", there, "203.0.113.0/24");
            try (Client client = new Client(site)) {
                assertThat(client.say("PROXY TCP4 203.0.113.9 10.0.0.1 54321 443\r\n" + GET).answer()).endsWith("x");
                assertThat(there.connections()).isEqualTo(1);
            }
            try (Client client = new Client(site)) {
                assertThat(client.say("PROXY UNKNOWN\r\n" + GET).answer()).endsWith("x");
                assertThat(here.connections()).isEqualTo(1);
            }
            assertThat(origin.heads.getFirst()).contains("X-Forwarded-For: 203.0.113.9, 127.0.0.1\r\n");
        }
    }

    @Test
    void aConnectionWithTlsIsHandedOver_andTheApplicationHearsOfTls() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of(TlsTest.TLS, origin); FrontDoor edge = edge(site)) {
            handOver(site, edge, "127.0.0.0/8");
            try (Socket plain = new Socket("127.0.0.1", site.tlsPort());
                    SSLSocket tls = (SSLSocket) TlsTest.trustingAnyone().getSocketFactory().createSocket(plain, "localhost", site.tlsPort(), true)) {
                Origin.write(tls.getOutputStream(), GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
                assertThat(new String(tls.getInputStream().readAllBytes())).endsWith("x");
            }
            assertThat(origin.heads.getFirst()).contains("X-Forwarded-Proto: https\r\n");
        }
    }

    @Test
    void anEdgeThatClosesIsPassedOver_forTheNextOne_thenForTheDoorItself() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin); EdgeEntrance entrance = entrance(site)) {
            FrontDoor near = site.edge(Introduction.plain(PASS), entrance);
            FrontDoor far = site.edge(Introduction.plain(PASS), entrance);
            handOver(site, near, "127.0.0.0/8", far, "192.0.2.0/24");
            near.close();
            try (Client client = new Client(site)) {
                assertThat(client.say(GET).answer()).endsWith("x");
                assertThat(far.connections()).isEqualTo(1);
            }
            site.door.handOver(_ -> Optional.of(near)); // whoever chooses may be late
            assertThat(Client.get(site, "/")).endsWith("x");
            assertThat(origin.heads.getLast()).contains("X-Forwarded-For: 127.0.0.1\r\n");
            far.close();
        }
    }

    @Test
    void whoLacksThePassIsNoEdge() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  timeouts: {head: 200ms}\n", origin); EdgeEntrance entrance = entrance(site);
                FrontDoor stranger = site.edge(Introduction.plain(new EdgePass(new Secret("a guess"))), entrance);
                Socket silent = new Socket("127.0.0.1", entrance.address().port()); Socket plain = new Socket("127.0.0.1", entrance.address().port())) {
            handOver(site, stranger, "127.0.0.0/8");
            assertThat(Client.get(site, "/")).doesNotContain("200 OK");
            Origin.write(plain.getOutputStream(), GET);
            assertThat(plain.getInputStream().read()).isEqualTo(-1);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            Site.await("the count", () -> site.count("banyan_http_arrivals_total", "edge without its pass") >= 3);
            assertThat(origin.heads).isEmpty();
        }
    }

    @Test
    void anEdgeElsewhereComesByTls_andKnowsTheCertificateBeforehand() throws Exception {
        Identity identity = LocalCertificate.make(Instant.now()).identity();
        String fingerprint = Introduction.fingerprint(identity.chain().getFirst());
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin); EdgeEntrance entrance = site.door.listenForEdges(LOOPBACK, "edge.remote.listen", PASS, Optional.of(identity));
                FrontDoor right = site.edge(Introduction.pinned(PASS, fingerprint), entrance); FrontDoor wrong = site.edge(Introduction.pinned(PASS, "0".repeat(64)), entrance)) {
            assertThat(get(right)).endsWith("x");
            Site.await("checks by TLS", () -> origin.checks.get() > 0);
            assertThat(get(wrong)).doesNotContain("200 OK");
            assertThat(origin.heads).hasSize(1);
        }
    }

    private static String get(FrontDoor door) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", door.addresses().getFirst().port())) {
            Origin.write(socket.getOutputStream(), GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            return new String(socket.getInputStream().readAllBytes());
        }
    }

    @Test
    void connectionsThatWereHandedOverCountAgainstTheDoorsLimit() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  limits: {connections: 2}\n", origin); FrontDoor edge = edge(site)) {
            handOver(site, edge, "127.0.0.0/8");
            Client one = new Client(site);
            Client two = new Client(site);
            assertThat(one.say(GET).answer()).endsWith("x");
            assertThat(two.say(GET).answer()).endsWith("x");
            try (Client three = new Client(site)) {
                three.say(GET);
                Site.pass(java.time.Duration.ofMillis(50));
                assertThat(three.in.available()).isZero();
                one.close();
                assertThat(three.answer()).endsWith("x");
            }
            two.close();
        }
    }

    @Test
    void aServiceHasServersOfItsOwn_whichAreChecked() throws Exception {
        try (Origin origin = Origin.saying("x"); Origin other = Origin.saying("y"); Site site = Site.of("", origin)) {
            var settings = Site.frontDoor("");
            var search = new dev.banyan.balance.ServerGroup(settings.balance(), settings.health(), 10, 7, _ -> {});
            search.add("search-1", other.address(), 1, false, dev.banyan.net.Clock.system().nanos());
            site.door.service("search", search, "/health");
            Site.await("a check of the service's server", () -> other.checks.get() > 0);
            assertThat(site.door.upstreams().stream().map(Upstream::name)).containsExactly("application", "search");
        }
    }
}
