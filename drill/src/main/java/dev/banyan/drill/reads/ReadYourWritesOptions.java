package dev.banyan.drill.reads;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Default;
import dev.banyan.topology.Doc;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the read-your-writes check is asked to do. {@link #at} gives all defaults. */
public record ReadYourWritesOptions(
        @Doc("--url: where the sessions connect: postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or a JDBC URL.") Secret url,
        @Default("50") @Doc("--sessions: sessions at a time; each has two connections and a counter.") int sessions,
        @Default("1000000") @Doc("--operations: operations of all sessions; a transaction is one.") long operations,
        @Default("10m") @Doc("--limit: stop after this time even when operations are left.") Duration limit,
        @Default("20") @Doc("--writes: percent of the operations that write outside a transaction.") int writes,
        @Default("10") @Doc("--transactions: percent of the operations that are transactions.") int transactions,
        @Default("2") @Doc("--carries: percent of the operations that carry a position to another connection.") int carries,
        @Doc("--server NAME=URL: a server behind --url, to count the reads that it did; may be repeated.") List<Server> servers,
        @Doc("--allow-remote: why a database that is not on this machine may be used, in a sentence; without it only loopback addresses are.")
                Optional<String> allowRemote) {

    public ReadYourWritesOptions {
        servers = List.copyOf(servers);
    }

    /** A server that is asked directly how many reads it did. */
    public record Server(String name, Secret url) {}

    /** All defaults. */
    public static ReadYourWritesOptions at(Secret url) {
        return new ReadYourWritesOptions(url, 50, 1_000_000, Duration.ofMinutes(10), 20, 10, 2, List.of(), Optional.empty());
    }

    /** @throws BanyanException USAGE, naming all that is out of bounds */
    void check() {
        List<String> wrong = new ArrayList<>();
        bound(wrong, "--sessions", sessions, 1, 10_000);
        bound(wrong, "--operations", operations, 1, 1_000_000_000_000L);
        bound(wrong, "--limit (s)", limit.toSeconds(), 1, 86_400);
        bound(wrong, "--writes", writes, 0, 100);
        bound(wrong, "--transactions", transactions, 0, 100);
        bound(wrong, "--carries", carries, 0, 100);
        bound(wrong, "--writes, --transactions and --carries together", writes + transactions + carries, 0, 100);
        if (!wrong.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, String.join("; ", wrong));
        }
    }

    private static void bound(List<String> wrong, String option, long value, long least, long most) {
        if (value < least || value > most) {
            wrong.add(option + ": " + least + " to " + most + ", not " + value);
        }
    }
}
