package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Banyan in a JVM of its own is killed; what it left is found and ended, and nothing else is. */
class OrphansTest {
    private static final ProcessTable TABLE = ProcessTable.ofThisMachine();

    @TempDir
    private Path temp;

    private Process banyan;
    private Process bystander;

    @AfterEach
    void close() {
        for (Process process : new Process[] {banyan, bystander}) {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void endsAllThatAKilledBanyanLeft_andNothingElse() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/environ")), "processes of another parent are found by /proc, which only Linux has");
        StateFolder folder = StateFolder.at(temp.resolve(".banyan"));
        UnpackedOnce.into(folder);
        startBanyan(folder, "commands", "postgresql", "redis");
        Workplace.await(() -> commands(Kin.of(folder, TABLE).find(TABLE)).containsAll(Set.of("sleep 303", "sleep 305")));
        // Like an orphan in all but the marker: works in the folder, and a stale record names its id.
        bystander = new ProcessBuilder("sleep", "306").directory(folder.path().toFile()).start();
        new ProcessRecord("web-9", bystander.pid(), "another birth", "sleep").write(folder);

        Signal.KILL.send(banyan.pid());
        banyan.waitFor();
        Set<SeenProcess> left = Kin.of(folder, TABLE).find(TABLE);
        // web-1: four sleeps and a shell between; web-2: its shell and a sleep; PostgreSQL: its head and at least three more; a Redis.
        assertThat(left).hasSizeGreaterThanOrEqualTo(4 + 1 + 2 + 4 + 1);
        assertThat(commands(left)).contains("sleep 301", "sleep 302", "sleep 303", "sleep 304", "sleep 305", "redis-server " + folder.redis("cache-1").resolve(RedisConf.FILE));

        int ended = Orphans.end(folder, Clock.system());

        assertThat(ended).isGreaterThanOrEqualTo(4 + 1 + 2 + 4 + 1);
        assertThat(left).noneMatch(TABLE::runs);
        assertThat(Kin.of(folder, TABLE).find(TABLE)).isEmpty();
        assertThat(bystander.isAlive()).isTrue();
        assertThat(ProcessRecord.all(folder)).isEmpty();
        assertThat(folder.postgres("db-1").resolve("data/postmaster.pid")).as("PostgreSQL was shut down, not killed").doesNotExist();
        assertThat(Orphans.end(folder, Clock.system())).isZero();
        UnpackedOnce.outOf(folder);
    }

    @Test
    void isHeldByOneBanyanAtATime_andFreeAgainWhenThatIsKilled() throws Exception {
        StateFolder folder = StateFolder.at(temp.resolve(".banyan"));
        assertThat(SiteHold.taken(folder)).isFalse();
        startBanyan(folder);
        assertThat(SiteHold.taken(folder)).isTrue();
        assertThatThrownBy(() -> SiteHold.take(folder))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SITE_IS_HELD))
                .hasMessageContaining("is held by process " + banyan.pid() + ":");
        Signal.KILL.send(banyan.pid());
        banyan.waitFor();
        SiteHold hold = SiteHold.take(folder);
        assertThat(SiteHold.taken(folder)).isTrue();
        assertThatThrownBy(() -> SiteHold.take(folder)).hasMessageContaining("is held by process " + ProcessHandle.current().pid());
        hold.close();
        SiteHold.take(folder).close();
    }

    private void startBanyan(StateFolder folder, String... what) throws IOException {
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Abandoned.class.getName(), folder.toString()));
        words.addAll(List.of(what));
        banyan = new ProcessBuilder(words).redirectErrorStream(true).start();
        BufferedReader output = banyan.inputReader();
        List<String> before = new ArrayList<>();
        for (String line = output.readLine(); !"up".equals(line); line = output.readLine()) {
            assertThat(line).as("it ended; before it said: " + before).isNotNull();
            before.add(line);
        }
    }

    private static Set<String> commands(Set<SeenProcess> processes) {
        return processes.stream()
                .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                .map(process -> process.info().commandLine().orElse("").replaceAll("^\\S*/", ""))
                .collect(Collectors.toSet());
    }
}
