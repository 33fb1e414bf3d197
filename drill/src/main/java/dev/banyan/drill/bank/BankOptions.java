package dev.banyan.drill.bank;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Default;
import dev.banyan.topology.Doc;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the bank check is asked to do. {@link #at} gives all defaults. */
public record BankOptions(
        @Doc("--url: where the workers connect: postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or a JDBC URL.") Secret url,
        @Default("32") @Doc("--workers: workers at a time; each has a connection.") int workers,
        @Default("200") @Doc("--accounts: accounts that money is moved between; few of them make many conflicts.") int accounts,
        @Default("50") @Doc("--inserts: percent of the writes that are a single INSERT outside a transaction; the rest are transfers.") int inserts,
        @Default("10") @Doc("--serializable: percent of the transfers that are SERIALIZABLE and lock nothing; the rest are READ COMMITTED with FOR UPDATE.") int serializable,
        @Default("50") @Doc("--faults: how many times a primary is broken; 0 only writes, for the duration.") int faults,
        @Default("10s") @Doc("--duration: how long is written when there are no faults.") Duration duration,
        @Default("1s") @Doc("--pause: how long is written after the servers are whole again, before the next fault.") Duration pause,
        @Default("2m") @Doc("--limit: how long the servers may take to be whole again before the check gives up.") Duration limit,
        @Doc("--ledger: a file that gets a line for each write that is sent and each that is acknowledged; none when absent.") Optional<Path> ledger,
        @Doc("--allow-remote: why a database that is not on this machine may be used, in a sentence; without it only loopback addresses are.")
                Optional<String> allowRemote) {

    /** All defaults. */
    public static BankOptions at(Secret url) {
        return new BankOptions(url, 32, 200, 50, 10, 50, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(2), Optional.empty(), Optional.empty());
    }

    /** The same with so many faults. */
    public BankOptions withFaults(int number, Duration between) {
        return new BankOptions(url, workers, accounts, inserts, serializable, number, duration, between, limit, ledger, allowRemote);
    }

    /** @throws BanyanException USAGE, naming all that is out of bounds */
    void check() {
        List<String> wrong = new ArrayList<>();
        bound(wrong, "--workers", workers, 1, 10_000);
        bound(wrong, "--accounts", accounts, 2, 1_000_000);
        bound(wrong, "--inserts", inserts, 0, 100);
        bound(wrong, "--serializable", serializable, 0, 100);
        bound(wrong, "--faults", faults, 0, 100_000);
        bound(wrong, "--duration (ms)", duration.toMillis(), 1, 86_400_000);
        bound(wrong, "--pause (ms)", pause.toMillis(), 0, 3_600_000);
        bound(wrong, "--limit (ms)", limit.toMillis(), 1, 3_600_000);
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
