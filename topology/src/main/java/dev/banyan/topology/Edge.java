package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** HTTP caches in front of the front door: the content delivery network. */
@Doc("HTTP caches in front of the front door, near users, from stage 6 on.")
public record Edge(
        @Doc("The edges that run beside the front door; one named edge-1 when there are none here. More may join from other machines ('banyan edge').") List<Node> nodes,
        @Default("false") @Doc("One more cache between the edges and the front door, so that the front door is asked once for all edges.") boolean shield,
        @Applied(Effect.RESTART) @Range(from = "1MiB", to = "1TiB") @Default("64MiB") @Doc("The memory for responses of each edge.") ByteSize memory,
        @Applied(Effect.RESTART) @Default("0B") @Doc("The disk space for responses of each edge, which outlive a restart; 0B is none.") ByteSize disk,
        @Applied(Effect.RESTART) @Default("w-tiny-lfu") @Doc("What goes when the space is full.") Eviction eviction,
        @Range(from = "1KiB", to = "1TiB") @Default("64MiB") @Doc("The largest response that is stored.") ByteSize object,
        @Doc("How long a stored response may be served after it is stale, where the application does not say.") Stale stale,
        @Range(from = "0s", to = "1h") @Default("1m") @Doc("The longest that an error (404, 410, 5xx and the like) is stored, whatever it says of itself; 0s is not at all.") Duration negative,
        @Default("strip") @Doc("What becomes of a response that sets a cookie and says that it may be stored: what it sets for one client could reach all.") Cookies cookies,
        @Doc("What of a URL's query tells one stored response from another.") Key key,
        @Doc("How much of everything one client may have at one edge.") Clients clients,
        @Applied(Effect.RESTART) @Doc("Letting edges of other machines reach the front door.") Optional<Remote> remote) {
    /** The edge that runs when the site file names none. */
    private static final Node FIRST = new Node(new SiteName("edge-1"), Optional.empty(), List.of());

    public Edge {
        nodes = List.copyOf(nodes);
    }

    /** The edges that run beside the front door at stage 6: those named here, or the one there always is. */
    public List<Node> running() {
        return nodes.isEmpty() ? List.of(FIRST) : nodes;
    }

    /** One edge. */
    @Doc("One edge.")
    public record Node(
            @Doc("Its name, as Cache-Status and the console show it.") SiteName name,
            @Written(Form.LISTEN) @Doc("An address of its own, beside the front door's: HOST:PORT or a port.") Optional<HostPort> listen,
            @Written(Form.CIDR) @Doc("Addresses (CIDR) of the clients it is nearest to, the longest prefix first; the first edge serves those that no edge names.") List<String> networks) {

        public Node {
            networks = List.copyOf(networks);
        }
    }

    /** What is allowed where the response says nothing (RFC 5861). */
    @Doc("How long a stored response may be served after it is stale, where the application does not say.")
    public record Stale(
            @Range(from = "0s", to = "30d") @Default("0s") @Doc("While it is fetched anew in the background (stale-while-revalidate).") Duration whileRevalidate,
            @Range(from = "0s", to = "30d") @Default("60s") @Doc("When the application fails or cannot be reached (stale-if-error).") Duration ifError) {}

    /** How the cache's key is made of a URL. */
    @Doc("What of a URL's query tells one stored response from another.")
    public record Key(
            @Written(Form.PARAMETER) @Doc("Query parameters that do not, as [utm_*, fbclid]; a trailing '*' stands for any ending. The application is sent them all the same.") List<String> ignored,
            @Default("false") @Doc("Whether the order of parameters does not either.") boolean sorted) {
        public Key {
            ignored = List.copyOf(ignored);
        }
    }

    /** What protects an edge from one client. */
    @Doc("How much of everything one client may have at one edge.")
    public record Clients(
            @Range(from = "0", to = "1000000") @Default("0") @Doc("Connections at a time of one address; more are closed. 0 is unlimited.") int connections,
            @Range(from = "0", to = "1000000") @Default("0") @Doc("Requests a second of one address, with bursts of as many; more get 429. 0 is unlimited.") int requests,
            @Range(from = "0", to = "1000000") @Default("0") @Doc("Requests of one address that wait for the application at a time because nothing stored answers them; more get 429. 0 is unlimited.") int misses) {}

    /** Where edges of other machines come in. */
    @Doc("Letting edges of other machines reach the front door: always with TLS, and each request shows the secret that the edge was given when it joined.")
    @Together({"certificate", "key"})
    public record Remote(
            @Written(Form.LISTEN) @Default("8444") @Doc("Where it listens: HOST:PORT or a port (then on all interfaces).") HostPort listen,
            @Doc("The certificate chain, PEM; a self-signed one is made when absent. Edges are told its fingerprint when they join.") Optional<Path> certificate,
            @Doc("The certificate's private key, PEM.") Optional<Path> key) {}

    /** What becomes of a response that sets a cookie. */
    public enum Cookies {
        @Doc("Stored without its cookies, which only the client gets whose request fetched it.")
        STRIP,
        @Doc("Stored with them, as RFC 9111 section 7.3 has it, for an application whose cookies are for everybody.")
        KEEP,
        @Doc("Not stored.")
        REFUSE
    }

    /** Which response goes when the space is full. */
    public enum Eviction {
        @Doc("Those used least often, by a sketch that forgets slowly, with a small window for what is new (Einziger and others, 2017).")
        W_TINY_LFU,
        @Doc("Those that were not asked for again soon after they came, by three queues (Yang and others, 2023).")
        S3_FIFO,
        @Doc("Those not used for the longest time.")
        LRU,
        @Doc("Those used least often.")
        LFU,
        @Doc("Those stored first.")
        FIFO
    }
}
