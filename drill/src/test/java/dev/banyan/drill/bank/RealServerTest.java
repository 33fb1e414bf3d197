package dev.banyan.drill.bank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.engines.PostgresServers;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.StateFolder;
import dev.banyan.engines.Supervisor;
import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One real PostgreSQL that is killed and started again, with nothing before it. */
class RealServerTest {
    @TempDir
    private Path folder;

    @Test
    void aServerThatIsKilledTwiceLosesNothing_andWasOnePrimaryAllTheTime() throws Exception {
        Topology site = SiteFile.read("site: bank\napplication: { command: [none] }\ndatabase: { kind: postgresql, port: 0 }\n", _ -> Optional.empty()).orThrow("bank");
        try (Loops loops = Loops.open(IoKind.NIO, 1)) {
            Supervisor supervisor = new Supervisor(StateFolder.at(folder), loops.blocking(), Clock.system(), Loops.random(), _ -> {});
            PostgresServers servers = new PostgresServers(supervisor, site.site(), site.database(), new FreePorts());
            RunningPostgres server = servers.start(PostgresServers.FIRST);
            try {
                BankOptions options = new BankOptions(server.endpoint().url(), 4, 10, 50, 30, 2, Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofMinutes(1),
                        Optional.of(folder.resolve("ledger")), Optional.empty());
                BankReport report = BankCheck.run(options, new Kill(server), () -> List.of(new Server(server.name(), server.endpoint().url())), loops, Clock.system(),
                        Loops.random(1), _ -> {});
                assertThat(report.passed()).as(report.table()).isTrue();
                assertThat(report.faults()).hasSize(2).allSatisfy(fault -> assertThat(fault.withoutWritesMs()).isPositive());
                assertThat(report.watched()).isPositive();
            } finally {
                servers.stop();
            }
        }
    }

    /** SIGKILL of the postmaster; its supervisor starts it again. */
    private record Kill(RunningPostgres server) implements Fault {
        @Override
        public String strike(int number) {
            try (Connection connection = DriverManager.getConnection(server.admin().jdbcUrl().reveal());
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
                row.next();
                ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow().destroyForcibly();
                return "SIGKILL of " + server.name();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean whole() {
            return server.answers();
        }
    }
}
