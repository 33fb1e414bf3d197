package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.drill.bank.Fault;
import dev.banyan.drill.cache.CacheDrillOptions;
import dev.banyan.drill.cache.WriteBehindCheck;
import dev.banyan.drill.cache.WriteBehindReport;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All of Banyan is killed again and again while its cache acknowledges writes that the database does not have yet: a new {@code up} loses none, and does none twice. */
final class KilledWithItsCacheIT {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final int KILLS = 4;

    @TempDir
    private Path folder;

    private Process process;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void noAcknowledgedWriteIsLostOrDoneTwice_thoughTheWholeProcessIsKilled() throws Exception {
        List<Integer> ports = Stream.generate(FreePort::choose).distinct().limit(4).toList();
        Files.writeString(folder.resolve("site.yaml"), """
                site: photos
                application:
                  command: [java, -Xmx128m, -cp, "%s", dev.banyan.photos.Photos]
                  environment: {PASSWORD_ROUNDS: "1000"}
                  health-path: /health
                  instances: 1
                database: {kind: postgresql, port: 0, router: {listen: "127.0.0.1:%d"}}
                front-door: {listen: "127.0.0.1:%d", health: {timeout: 5s}}
                console: {listen: "127.0.0.1:%d"}
                cache:
                  kind: redis
                  router: {listen: "127.0.0.1:%d"}
                  keys:
                    - {prefix: "likes:", strategy: write-behind, table: photo_counts, columns: [likes], value: column}
                    - {prefix: "views:", strategy: write-behind, table: photo_views, columns: [views], value: column}
                """.formatted(REPOSITORY.resolve("photos/target/lib") + "/*", ports.get(0), ports.get(1), ports.get(2), ports.get(3)));
        up();
        try (Loops loops = Loops.open()) {
            await(this::serves);
            verb("grow", "--to", "5");
            Path state = folder.resolve(".banyan");
            Secret database = DatabaseAccess.of(state).endpoint().url();
            CacheDrillOptions usual = CacheDrillOptions.at(CacheAccess.of(state).variables().get("REDIS_URL"), database);
            CacheDrillOptions options = new CacheDrillOptions(usual.redis(), database, usual.duration(), usual.bound(), usual.rows(), usual.writers(), usual.readers(), 8, 5, KILLS,
                    Duration.ofSeconds(1), Duration.ofMinutes(2), 1, Optional.empty());
            WriteBehindReport report = WriteBehindCheck.run(options, new KillAll(), loops, Clock.system(), Loops.random(), System.out::println);
            assertThat(report.passed()).as(report.table()).isTrue();
            assertThat(report.faults()).hasSize(KILLS);
            System.out.println(report.table());
        } finally {
            process.destroy();
            process.waitFor(60, TimeUnit.SECONDS);
        }
        assertThat(LaunchedSite.processesOf(folder)).as("processes left behind").isEmpty();
    }

    /** SIGKILL of the process that is Banyan: router, journal and supervisor at once; and another {@code up}. */
    private final class KillAll implements Fault {
        @Override
        public String strike(int number) throws InterruptedException {
            process.destroyForcibly().waitFor();
            try {
                up();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return "SIGKILL of Banyan";
        }

        @Override
        public boolean whole() {
            return serves();
        }
    }

    private void up() throws IOException {
        process = banyan("up").redirectOutput(folder.resolve("up.log").toFile()).start();
    }

    private boolean serves() {
        try {
            return Files.readString(folder.resolve("up.log")).contains("photos is up");
        } catch (IOException e) {
            return false;
        }
    }

    private void verb(String... words) throws Exception {
        Process verb = banyan(words).start();
        String text = new String(verb.getInputStream().readAllBytes());
        assertThat(verb.waitFor()).as(text).isZero();
    }

    private ProcessBuilder banyan(String... words) {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", REPOSITORY.resolve("cli/target/lib") + "/*", "dev.banyan.cli.Banyan"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!condition.holds()) {
            assertThat(process.isAlive()).isTrue();
            assertThat(System.nanoTime()).as("in 90 s").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
