package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load balancer that users reach. */
@Doc("The load balancer that users reach.")
public record FrontDoor(
        @Applied(Effect.RESTART) @Written(Form.LISTEN) @Default("8080") @Doc("Where it listens for HTTP/1.1 and for HTTP/2 with prior knowledge: HOST:PORT or a port (then on all interfaces).")
                HostPort listen,
        @Applied(Effect.RESTART) @Doc("Listening with TLS as well.") Optional<Tls> tls,
        @Doc("How a server is chosen for a request.") Balance balance,
        @Doc("How sick servers are found and left alone.") Health health,
        @Doc("What is tried again, and how much of it.") Retries retries,
        @Doc("How long each part of an exchange may take.") Timeouts timeouts,
        @Doc("How much of everything there may be.") Limits limits,
        @Doc("How a server is taken out of service.") Drain drain,
        @Default("false") @Doc("Expect a PROXY protocol header (version 1 or 2) on each connection; only behind a proxy that sends it.") boolean proxyProtocol,
        @Doc("Addresses (CIDR) of proxies in front whose Forwarded and X-Forwarded-* headers are believed and extended; those of all others are replaced.")
                @Written(Form.CIDR) List<String> trustedProxies,
        @Applied(Effect.RESTART) @Default("true") @Doc("Write one JSON line a request to .banyan/logs/access.log.") boolean accessLog,
        @Applied(Effect.RESTART) @Default("auto") @Doc("How the system is asked to wait for sockets.") Io io,
        @Applied(Effect.RESTART) @Range(from = "0", to = "1024") @Default("0") @Doc("IO loops; 0 is one a core.") int ioLoops) {

    public FrontDoor {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** The system's ways to wait for sockets. */
    public enum Io {
        @Doc("epoll on Linux, kqueue on macOS, the JDK's own elsewhere.")
        AUTO,
        @Doc("Linux.")
        EPOLL,
        @Doc("Linux from 5.10 on, where it is allowed; no clear gain over epoll where it was measured.")
        IO_URING,
        @Doc("macOS and the BSDs.")
        KQUEUE,
        @Doc("The JDK's own, everywhere.")
        NIO
    }

    @Doc("TLS at the front door: certificate files, or one made for local use.")
    @Together({"certificate", "key"})
    public record Tls(
            @Written(Form.LISTEN) @Default("8443") @Doc("Where it listens: HOST:PORT or a port (then on all interfaces).") HostPort listen,
            @Applied(Effect.LIVE) @Doc("The certificate chain, PEM; a self-signed one for localhost is made when absent.") Optional<Path> certificate,
            @Applied(Effect.LIVE) @Doc("The certificate's private key, PEM.") Optional<Path> key,
            @Applied(Effect.LIVE) @Doc("Certificates for some hosts, by the name that a client asks for (SNI). Who asks for another name, or none, gets that of certificate; without one the first of these.")
                    List<HostCertificate> certificates) {

        public Tls {
            certificates = List.copyOf(certificates);
        }
    }

    @Doc("A certificate for some hosts.")
    public record HostCertificate(
            @Written(Form.HOST_PATTERN) @Doc("The hosts, a leading '*.' standing for any name below.") List<String> hosts,
            @Doc("The certificate chain, PEM.") Path certificate,
            @Doc("The certificate's private key, PEM.") Path key) {

        public HostCertificate {
            hosts = List.copyOf(hosts);
        }
    }

    @Doc("How a server is chosen for a request.")
    public record Balance(
            @Default("power-of-two") @Doc("The algorithm.") Algorithm algorithm,
            @Doc("What a hash algorithm hashes: 'ip', 'uri', 'header NAME' or 'cookie NAME'; 'ip' when absent.") Optional<HashKey> hash,
            @Default("125%") @Doc("With 'consistent-hash': the most requests a server may hold, against the mean; more go to its neighbour. 0% is unbounded.") LoadBound bound,
            @Written(Form.COOKIE_NAME) @Doc("Keep a client at its server by a cookie of this name.") Optional<String> stickyCookie,
            @Range(from = "0s", to = "1h") @Default("10s") @Doc("How long a new server's share grows from a tenth to its full weight.") Duration slowStart) {}

    /** Load-balancing algorithms by the names the field uses. */
    public enum Algorithm {
        @Doc("Each server in turn, in proportion to its weight, evenly spread (smooth weighted round robin).")
        ROUND_ROBIN,
        @Doc("The server with the fewest requests in flight for its weight.")
        LEAST_CONNECTIONS,
        @Doc("The server with the least product of time to first byte and requests in flight.")
        LEAST_RESPONSE_TIME,
        @Doc("Of two servers drawn at random, the one with fewer requests in flight for its weight.")
        POWER_OF_TWO,
        @Doc("A hash of the key modulo the servers: the least even, and it moves nearly all keys when a server comes or goes.")
        HASH,
        @Doc("A ring with virtual nodes and bounded loads: moves only 1/N of the keys.")
        CONSISTENT_HASH
    }

    /**
     * What is hashed: {@code ip}, {@code uri}, {@code header NAME}, {@code cookie NAME}.
     *
     * @param name of the header or cookie; empty for the others
     */
    public record HashKey(Source source, String name) {
        private static final Pattern FORM = Pattern.compile("ip|uri|(?:header|cookie) ([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100})");

        public enum Source {
            IP,
            URI,
            HEADER,
            COOKIE
        }

        /** @throws IllegalArgumentException when the text is none of the four forms */
        public static HashKey parse(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException("a hash key is 'ip', 'uri', 'header NAME' or 'cookie NAME', not '" + text + "'");
            }
            return switch (text) {
                case "ip" -> new HashKey(Source.IP, "");
                case "uri" -> new HashKey(Source.URI, "");
                default -> new HashKey(text.startsWith("header") ? Source.HEADER : Source.COOKIE, form.group(1));
            };
        }

        /** As the site file writes it. */
        @Override
        public String toString() {
            return (source.name().toLowerCase(Locale.ROOT) + " " + name).strip();
        }
    }

    /** The load a server may have against the mean, 1.25 for 125%; 0 is unbounded. */
    public record LoadBound(double factor) {
        public LoadBound {
            if (!(factor == 0 || factor > 1 && factor <= 100)) {
                throw new IllegalArgumentException("a load bound is 0% (none) or over 100% and at most 10000%, not " + factor * 100 + "%");
            }
        }

        public static LoadBound parse(String text) {
            return new LoadBound(Percent.parse(text));
        }

        /** As the site file writes it. */
        @Override
        public String toString() {
            return Percent.format(factor);
        }
    }

    @Doc("How sick servers are found and left alone.")
    public record Health(
            @Range(from = "10ms", to = "1h") @Default("1s") @Doc("Time between two checks of a server's health path.") Duration interval,
            @Range(from = "1ms", to = "1h") @Default("1s") @Doc("How long a check may take.") Duration timeout,
            @Range(from = "1", to = "100") @Default("2") @Doc("Checks that must pass in a row before a sick server serves again.") int rise,
            @Range(from = "1", to = "100") @Default("3") @Doc("Checks that must fail in a row before a server counts as sick.") int fall,
            @Range(from = "0", to = "1000") @Default("5") @Doc("Requests that fail in a row before a server is ejected; 0 is never.") int consecutiveFailures,
            @Default("50%") @Doc("The share of failed requests (5xx, no answer) in ten seconds that ejects a server; 0% is never.") Share failureShare,
            @Range(from = "1", to = "1000000") @Default("20") @Doc("Requests in ten seconds below which the share says nothing.") int minimumRequests,
            @Range(from = "1ms", to = "1d") @Default("10s") @Doc("How long a first ejection lasts; each further one that long again, up to ten times.") Duration ejection,
            @Default("50%") @Doc("The most servers that may be ejected at a time.") Share maximumEjected,
            @Default("50%") @Doc("When fewer servers than this are healthy, health is ignored and all get requests (panic); 0% is never.") Share panicThreshold) {}

    @Doc("What is tried again on another server, and how much of it.")
    public record Retries(
            @Range(from = "0", to = "10") @Default("2") @Doc("How often one idempotent request that has had no answer is tried again; 0 is never.") int attempts,
            @Default("20%") @Doc("The most retries, as a share of the requests of the last ten seconds.") Share budget,
            @Range(from = "0", to = "1000000") @Default("10") @Doc("Retries a second that are allowed whatever the share.") int minimumPerSecond,
            @Range(from = "0B", to = "64MiB") @Default("64KiB") @Doc("The largest request body that is kept so that it can be sent again.") ByteSize body) {}

    @Doc("How long each part of an exchange may take.")
    public record Timeouts(
            @Range(from = "1ms", to = "7d") @Default("1s") @Doc("To connect to a server.") Duration connect,
            @Range(from = "1ms", to = "7d") @Default("10s") @Doc("For a client to send a whole request head.") Duration head,
            @Range(from = "1ms", to = "7d") @Default("60s") @Doc("For a server to begin its answer.") Duration response,
            @Range(from = "1ms", to = "7d") @Default("60s") @Doc("Between two pieces of a body, either way.") Duration body,
            @Range(from = "1ms", to = "7d") @Default("75s") @Doc("Between two requests of a client's connection.") Duration idle,
            @Range(from = "1ms", to = "7d") @Default("4s") @Doc("For an unused connection to a server, kept for the next request; below what servers use, so that it is Banyan who closes.") Duration serverIdle,
            @Range(from = "1ms", to = "7d") @Default("1h") @Doc("Without a byte either way on an upgraded connection, as a WebSocket's.") Duration tunnel) {}

    @Doc("How much of everything there may be.")
    public record Limits(
            @Range(from = "1", to = "1000000") @Default("20000") @Doc("Connections of clients at a time; more wait in the system's queue.") int connections,
            @Range(from = "1", to = "1000000") @Default("1000") @Doc("Requests that one server may have in flight.") int perServer,
            @Range(from = "0", to = "1000000") @Default("1000") @Doc("Requests that may wait for a server when all are at that limit; more get 503 with Retry-After.") int queue,
            @Range(from = "1ms", to = "1h") @Default("5s") @Doc("How long a request waits there before it gets 503.") Duration queueTimeout,
            @Range(from = "1KiB", to = "1MiB") @Default("32KiB") @Doc("A message's head, request or status line and headers.") ByteSize head,
            @Range(from = "1", to = "10000") @Default("100") @Doc("Headers in one message.") int headers,
            @Default("0B") @Doc("A request's body; 0B is unlimited.") ByteSize body) {}

    @Doc("How a server is taken out of service: no new requests, then the wait.")
    public record Drain(
            @Range(from = "0s", to = "1d") @Default("30s") @Doc("How long its requests in flight may take to end.") Duration requests,
            @Range(from = "0s", to = "7d") @Default("1h") @Doc("How long its WebSockets and other upgraded connections may live on; nothing waits for them.") Duration tunnels) {}
}
