package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The PostgreSQL router that the application connects to. */
@Doc("The PostgreSQL router that the application connects to.")
public record DatabaseRouter(
        @Applied(Effect.RESTART) @Written(Form.LOCAL_LISTEN) @Default("6432") @Doc("Where it listens: HOST:PORT or a port (then at 127.0.0.1).") HostPort listen,
        @Applied(Effect.RESTART) @Doc("TLS for clients that ask for it.") Optional<Tls> tls,
        @Applied(Effect.RESTART) @Doc("Users besides the application's, a line each: \"USER\" \"PASSWORD, or the SCRAM or md5 verifier of pg_authid\".") Optional<Path> usersFile,
        @Default("transaction") @Doc("How long a client keeps a server connection.") Mode mode,
        @Range(from = "1", to = "1000000") @Default("10000") @Doc("Connections of clients at a time; more are refused.") int clients,
        @Doc("Connections to the servers.") Pool pool,
        @Doc("Where statements that only read may go.") Reads reads,
        @Range(from = "0", to = "100000") @Default("500") @Doc("Prepared statements kept at a server connection; the least recently used goes first.") int preparedStatements,
        @Range(from = "1KiB", to = "64MiB") @Default("1MiB") @Doc("The longest statement that is read; a longer one goes to the primary and keeps its connection.") ByteSize statement,
        @Range(from = "0s", to = "1d") @Default("1s") @Doc("Statements that take longer are logged; 0s logs none.") Duration slow) {

    /** How long a client keeps a server connection. */
    public enum Mode {
        @Doc("For a transaction; longer only where its session has state that lives at the server.")
        TRANSACTION,
        @Doc("Until it disconnects.")
        SESSION
    }

    @Doc("TLS for clients of the router that ask for it: certificate files, or one made for local use.")
    @Together({"certificate", "key"})
    public record Tls(
            @Doc("The certificate chain, PEM; a self-signed one for localhost is made when absent.") Optional<Path> certificate,
            @Doc("The certificate's private key, PEM.") Optional<Path> key,
            @Default("false") @Doc("Refuse clients that do not use TLS.") boolean required) {}

    @Doc("Connections of the router to the servers.")
    public record Pool(
            @Range(from = "0", to = "10000") @Default("0") @Doc("Kept open to each server for each user and database, once there were as many.") int min,
            @Range(from = "1", to = "10000") @Default("20") @Doc("The most to each server for each user and database.") int size,
            @Range(from = "1", to = "10000") @Default("100") @Doc("The most to each server in all.") int perServer,
            @Range(from = "1", to = "1000") @Default("4") @Doc("The most that are being opened to a server at a time.") int opening,
            @Range(from = "0", to = "1000000") @Default("10000") @Doc("Clients that may wait for one of them.") int queue,
            @Range(from = "1ms", to = "1h") @Default("10s") @Doc("How long a client waits there, and for a primary while there is none, before its statement fails.") Duration patience,
            @Range(from = "1s", to = "7d") @Default("10m") @Doc("How long one may be unused.") Duration idle,
            @Range(from = "1s", to = "30d") @Default("1h") @Doc("How old one may be.") Duration lifetime) {}

    @Doc("Where statements that only read may go.")
    public record Reads(
            @Default("replicas") @Doc("Which servers get statements that are proved to read only.") From from,
            @Default("read-your-writes") @Doc("How old the data may be that a read sees.") Consistency consistency,
            @Range(from = "0s", to = "1m") @Default("100ms") @Doc("How long a read waits for a replica to catch up before it goes to the primary.") Duration patience,
            @Range(from = "1ms", to = "1h") @Default("5s") @Doc("With 'bounded-staleness': how far a replica may be behind.") Duration staleness,
            @Default("true") @Doc("Send reads before a transaction's first write to a replica too, where its isolation level is READ COMMITTED.") boolean inTransactions,
            @Default("power-of-two") @Doc("How a replica is chosen.") Algorithm balance,
            @Written(Form.SQL_FUNCTION) @Doc("Functions of your own that only read though they are declared volatile: NAME or SCHEMA.NAME.") List<String> functions) {

        public Reads {
            functions = List.copyOf(functions);
        }
    }

    /** Which servers get reads. */
    public enum From {
        @Doc("Replicas, while there are any.")
        REPLICAS,
        @Doc("The primary alone.")
        PRIMARY
    }

    /** What a session may see of the past. */
    public enum Consistency {
        @Doc("A session sees at least what it has written and what it has seen.")
        READ_YOUR_WRITES,
        @Doc("Whatever a replica has that is not too far behind.")
        BOUNDED_STALENESS,
        @Doc("Whatever a replica has.")
        EVENTUAL
    }
}
