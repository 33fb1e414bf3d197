package dev.banyan.bench.patroni;

import dev.banyan.bench.bed.TestBed;
import dev.banyan.drill.bank.BankCheck;
import dev.banyan.drill.bank.BankOptions;
import dev.banyan.drill.bank.BankReport;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long nothing can be written when a primary under Patroni is lost, with its default lease, by the bank check. */
public final class PatroniBench {
    private static final int FAULTS = 3;
    private static final String USAGE = "usage: bench/patroni [--faults N] [--json FILE]";

    private PatroniBench() {}

    /** @param arguments {@code [--faults N] [--json FILE]} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int faults = FAULTS;
        Optional<Path> json = Optional.empty();
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            if (arguments[i].equals("--faults") && !value.isEmpty()) {
                faults = Integer.parseInt(value);
            } else if (arguments[i].equals("--json") && !value.isEmpty()) {
                json = Optional.of(Path.of(value));
            } else {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            System.err.println(obstacle.get());
            System.exit(2);
        }
        BankReport report = run(faults);
        System.out.print(report.table());
        if (json.isPresent()) {
            Files.writeString(json.get(), report.json());
        }
        System.exit(report.exitCode());
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle() throws IOException {
        List<String> missing = new ArrayList<>(TestBed.missing("etcd", "patroni", "setpriv"));
        if (PatroniNode.binaries().isEmpty()) {
            missing.add("PostgreSQL's server");
        }
        return missing.isEmpty() ? Optional.empty()
                : Optional.of("bench/patroni needs " + String.join(", ", missing) + "; on Debian: apt install util-linux etcd-server patroni python3-etcd postgresql");
    }

    private static BankReport run(int faults) throws IOException, InterruptedException {
        try (TestBed bed = TestBed.open(); Loops loops = Loops.open(); PatroniCluster cluster = new PatroniCluster(bed, PatroniNode.binaries().orElseThrow())) {
            cluster.start();
            BankOptions options = BankOptions.at(cluster.url()).withFaults(faults, Duration.ofSeconds(5));
            return BankCheck.run(options, cluster, cluster::servers, loops, Clock.system(), Loops.random(), System.err::println);
        }
    }
}
