package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The cache router that the application connects to. */
@Doc("The cache router that the application connects to.")
public record CacheRouter(
        @Written(Form.LOCAL_LISTEN) @Default("6380") @Doc("Where it listens: HOST:PORT or a port (then at 127.0.0.1).") HostPort listen,
        @Doc("TLS: with it the router listens for nothing else.") Optional<Tls> tls,
        @Range(from = "1", to = "1000000") @Default("10000") @Doc("Connections of clients at a time; more are refused.") int clients,
        @Doc("How much a client may send and be owed.") Limits limits,
        @Doc("How long each part may take.") Timeouts timeouts,
        @Default("miss") @Doc("What is answered for a key whose node is down.") WhenDown whenDown,
        @Doc("Copies of hot keys in the router itself.") Near near) {

    @Doc("TLS of the cache router: certificate files, or one made for local use.")
    @Together({"certificate", "key"})
    public record Tls(
            @Doc("The certificate chain, PEM; a self-signed one for localhost is made when absent.") Optional<Path> certificate,
            @Doc("The certificate's private key, PEM.") Optional<Path> key) {}

    @Doc("How much a client of the cache router may send and be owed.")
    public record Limits(
            @Range(from = "1KiB", to = "512MiB") @Default("512MiB") @Doc("The longest argument of a command.") ByteSize value,
            @Range(from = "1", to = "1048576") @Default("1048576") @Doc("The most arguments of a command.") int arguments,
            @Range(from = "1", to = "1000000") @Default("10000") @Doc("Commands of one client that may be unanswered; beyond them nothing more is read from it.") int pipeline,
            @Range(from = "64KiB", to = "1GiB") @Default("1MiB") @Doc("Answers kept for a client that does not take them; beyond them nothing more is read for it.") ByteSize unread) {}

    @Doc("How long each part of a command may take.")
    public record Timeouts(
            @Range(from = "1ms", to = "1m") @Default("1s") @Doc("To connect to a node.") Duration connect,
            @Range(from = "1ms", to = "1h") @Default("5s") @Doc("For a node's answer, and for the database's where a strategy asks it; not for commands that wait by themselves.") Duration answer,
            @Range(from = "1s", to = "1h") @Default("30s") @Doc("For a client to take an answer; then it is disconnected.") Duration unread,
            @Range(from = "0s", to = "30d") @Default("0s") @Doc("For a client that says nothing; 0s is for ever.") Duration idle) {}

    /** What is answered for a key whose node is down. */
    public enum WhenDown {
        @Doc("To a command that only reads: that the key is not there; to all others an error.")
        MISS,
        @Doc("An error.")
        ERROR
    }

    @Doc("Copies of hot keys in the cache router itself, kept true by the nodes (client tracking).")
    public record Near(
            @Range(from = "0B", to = "64GiB") @Default("16MiB") @Doc("The memory for them; 0B keeps none.") ByteSize memory,
            @Range(from = "1", to = "1000000") @Default("100") @Doc("Reads a second from which on a key is hot.") int hot,
            @Range(from = "1ms", to = "1h") @Default("10s") @Doc("How long a copy is kept without asking its node again.") Duration lifetime) {}
}
