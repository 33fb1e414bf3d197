package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.topology.SiteName;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to run PostgreSQL as root and as a normal user. Needs root, which alone can become another user; the first way is every other test's. */
class RunAsTest {

    @TempDir
    private Path temp;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(new UnixSystem().getUid() == 0, "only root can become another user");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void close() {
        Orphans.end(StateFolder.at(temp.resolve(".banyan")), Clock.system());
    }

    @Test
    void rootCanRunItAsNobody_whereNamespacesAreForbidden() throws Exception {
        try (Workplace place = new Workplace(temp)) {
            PostgresServers servers = new PostgresServers(place.supervisor, new SiteName("site"), Databases.ANY_PORT, new FreePorts(),
                    (binaries, tool) -> RunAs.otherUser("nobody", tool).orElseThrow());
            RunningPostgres postgres = servers.start("db-1");
            assertThat(postgres.answers()).isTrue();
            RunningPostgres standby = servers.cloneFrom("db-2", postgres, Progress.NONE);
            assertThat(standby.look(Duration.ofSeconds(5)).inRecovery()).isTrue();
            standby.stop();
            Path data = place.folder.postgres("db-1").resolve("data");
            assertThat(Files.getOwner(data).getName()).isEqualTo("nobody");
            postgres.stop();
            assertThat(data.resolve("postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void aUserWithoutAnAccountOfOurOwnChoosing_isNotAWay() throws Exception {
        try (Workplace place = new Workplace(temp)) {
            assertThat(RunAs.otherUser("no-such-user", new Tool(place.folder, place.folder.logs().resolve("tool")))).isEmpty();
        }
    }

    @Test
    void aNormalUserRunsItDirectly() throws Exception {
        List<String> words = List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-cp", copiedClassPath(),
                Abandoned.class.getName(), temp.resolve(".banyan").toString(), "postgresql");
        Path folder = Files.createDirectory(temp.resolve(".banyan"));
        Files.setOwner(folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        Process banyan = new ProcessBuilder(words).directory(temp.toFile()).redirectErrorStream(true).start();
        try {
            BufferedReader output = banyan.inputReader();
            List<String> lines = new ArrayList<>();
            for (String line = output.readLine(); line != null && !line.equals("up"); line = output.readLine()) {
                lines.add(line);
            }
            assertThat(banyan.isAlive()).as("it ended: " + lines).isTrue();
            List<ProcessRecord> records = ProcessRecord.all(StateFolder.at(folder));
            assertThat(records).filteredOn(record -> record.name().equals("db-1"))
                    .singleElement().satisfies(record -> assertThat(record.program()).endsWith("/bin/postgres"));
        } finally {
            Signal.KILL.send(banyan.pid());
            banyan.waitFor();
        }
    }

    /** The class path where that user can read it. */
    private String copiedClassPath() throws IOException {
        Path copy = Files.createDirectory(temp.resolve("classes"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            Path to = copy.resolve(entries.size() + "-" + from.getFileName());
            if (Files.exists(from)) {
                copy(from, to);
                entries.add(to.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }
}
