package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.Database;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.FrontDoor.Algorithm;
import dev.banyan.topology.FrontDoor.HashKey;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Problem;
import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Share;
import dev.banyan.topology.SiteName;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteFileTest {
    private static final String SMALLEST = "site: photos\napplication:\n  command: ./serve\n";

    @TempDir
    Path folder;

    @Test
    void readsTheSampleSiteFile_withoutAWarning() {
        Reading reading = SiteFile.read(Path.of("../site.yaml"), _ -> Optional.empty());
        assertThat(reading.report("site.yaml")).isEmpty();
        Topology site = reading.orThrow("site.yaml");
        assertThat(site.site()).isEqualTo(new SiteName("photos"));
        assertThat(site.application().command().orElseThrow().words()).startsWith("java");
        assertThat(site.database().kind()).isEqualTo(Database.Kind.POSTGRESQL);
    }

    @Test
    void givesEveryAbsentKeyItsDefault() {
        Topology site = site(SMALLEST);
        assertThat(site.stage()).isEqualTo(Stage.SINGLE_SERVER);
        assertThat(site.application().healthPath()).isEqualTo("/");
        assertThat(site.application().startTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(site.application().instances()).isEmpty();
        assertThat(site.database().kind()).isEqualTo(Database.Kind.NONE);
        assertThat(site.database().replicas()).isEqualTo(2);
        assertThat(site.database().router().listen()).isEqualTo(new HostPort("127.0.0.1", 6432));
        assertThat(site.database().router().mode()).isEqualTo(DatabaseRouter.Mode.TRANSACTION);
        assertThat(site.database().router().reads().consistency()).isEqualTo(DatabaseRouter.Consistency.READ_YOUR_WRITES);
        assertThat(site.database().failover().synchronous()).isTrue();
        assertThat(site.frontDoor().listen()).isEqualTo(new HostPort("0.0.0.0", 8080));
        assertThat(site.frontDoor().tls()).isEmpty();
        assertThat(site.frontDoor().balance().algorithm()).isEqualTo(Algorithm.POWER_OF_TWO);
        assertThat(site.frontDoor().balance().bound().factor()).isEqualTo(1.25);
        assertThat(site.frontDoor().retries().budget()).isEqualTo(new Share(0.2));
        assertThat(site.frontDoor().limits().head()).isEqualTo(new ByteSize(32 * 1024));
        assertThat(site.frontDoor().accessLog()).isTrue();
        assertThat(site.console().listen()).isEqualTo(new HostPort("127.0.0.1", 9900));
    }

    @Test
    void readsACommandAsALineForTheShell_orAsWords() {
        assertThat(command("./serve --fast | cat")).isEqualTo(CommandLine.shell("./serve --fast | cat"));
        assertThat(command("[java, -jar, app.jar, 8080, true]")).isEqualTo(new CommandLine(List.of("java", "-jar", "app.jar", "8080", "true")));
    }

    @Test
    void readsServersAsPlainUrls_orWithAWeight() {
        Topology site = site("site: a\nstage: 3\napplication:\n  servers:\n    - http://10.0.0.1:3000\n    - { url: 'http://[::1]:81', weight: 5 }\n    - http://app.internal\n");
        assertThat(site.servers()).containsExactly(
                new ServerUrl(new HostPort("10.0.0.1", 3000), 1), new ServerUrl(new HostPort("::1", 81), 5), new ServerUrl(new HostPort("app.internal", 80), 1));
    }

    @Test
    void readsEveryFormOfAnAddressToListenAt() {
        assertThat(listen("8081")).isEqualTo(new HostPort("0.0.0.0", 8081));
        assertThat(listen("':8081'")).isEqualTo(new HostPort("0.0.0.0", 8081));
        assertThat(listen("127.0.0.1:8081")).isEqualTo(new HostPort("127.0.0.1", 8081));
        assertThat(listen("'[::1]:8081'")).isEqualTo(new HostPort("::1", 8081));
        assertThat(listen("web.local:0")).isEqualTo(new HostPort("web.local", 0));
        assertThat(site(SMALLEST + "console: { listen: 9901 }").console().listen()).isEqualTo(new HostPort("127.0.0.1", 9901));
    }

    @Test
    void readsTheHashKeysOfTheField() {
        String algorithm = SMALLEST + "front-door:\n  balance:\n    algorithm: consistent-hash\n    hash: ";
        assertThat(site(algorithm + "ip").frontDoor().balance().hash()).contains(new HashKey(HashKey.Source.IP, ""));
        assertThat(site(algorithm + "header X-User").frontDoor().balance().hash()).contains(new HashKey(HashKey.Source.HEADER, "X-User"));
        assertThat(site(algorithm + "cookie session").frontDoor().balance().hash()).contains(new HashKey(HashKey.Source.COOKIE, "session"));
    }

    @Test
    void readsAMappingWithoutContentAsAllDefaults() {
        assertThat(site(SMALLEST + "front-door:\n  tls: {}\n").frontDoor().tls().orElseThrow().listen()).isEqualTo(new HostPort("0.0.0.0", 8443));
    }

    @Test
    void anAnchorMayBeUsedAgain() {
        Topology site = site(SMALLEST + "front-door:\n  timeouts: { connect: &short 250ms, head: *short }\n");
        assertThat(site.frontDoor().timeouts().head()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void valuesComeFromTheEnvironment() {
        Map<String, String> environment = Map.of("NAME", "shop", "PORT_X", "9000", "EMPTY", "", "WORDS", "a b");
        Topology site = site("""
                site: ${NAME}
                application:
                  command: echo $HOME $$ ${WORDS} $${NAME}
                  environment:
                    PASSWORD: "${EMPTY:-other}"
                    NOTHING: "${EMPTY}"
                front-door:
                  listen: ${PORT_X}
                  access-log: ${LOG:-false}
                """, environment);
        assertThat(site.site().value()).isEqualTo("shop");
        assertThat(site.application().command()).contains(CommandLine.shell("echo $HOME $ a b ${NAME}"));
        assertThat(site.application().environment().get("PASSWORD").reveal()).isEqualTo("other");
        assertThat(site.application().environment().get("NOTHING").reveal()).isEmpty();
        assertThat(site.frontDoor().listen().port()).isEqualTo(9000);
        assertThat(site.frontDoor().accessLog()).isFalse();
    }

    @Test
    void whatIsHardlyMeantIsCalledAWarning() throws IOException {
        Path file = Files.writeString(folder.resolve("two.yaml"), "site: x\napplication:\n  servers: [http://127.0.0.1:1, http://127.0.0.1:2]\n");
        assertThat(SiteFile.read(file, _ -> Optional.empty()).report("two.yaml")).startsWith("two.yaml:3:3: warning: application.servers: names 2 servers, but stage 1 uses only the first");
    }

    @Test
    void aFolderIsAProblem_andNoException() {
        assertThat(SiteFile.read(folder, _ -> Optional.empty()).report("here")).isEqualTo("here: is a folder: name the file in it\n");
    }

    @Test
    void aMissingFileIsAProblem_andNoException() {
        Reading reading = SiteFile.read(folder.resolve("none.yaml"), _ -> Optional.empty());
        assertThat(reading.report("none.yaml")).isEqualTo("none.yaml: there is no such file: write one, or name another\n");
        assertThatThrownBy(() -> reading.orThrow("none.yaml")).isInstanceOfSatisfying(BanyanException.class,
                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_SITE_FILE));
    }

    @Test
    void bytesMustBeUtf8_andAtMostOneMebibyte() throws Exception {
        Path file = folder.resolve("site.yaml");
        Files.write(file, "site: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(message(SiteFile.read(file, _ -> Optional.empty()))).startsWith("is not UTF-8 at byte 9");
        Files.writeString(file, "#".repeat((1 << 20) + 1));
        assertThat(message(SiteFile.read(file, _ -> Optional.empty()))).startsWith("is larger than a site file may be: 1048576 bytes");
        Files.writeString(file, "\uFEFF" + SMALLEST);
        assertThat(SiteFile.read(file, _ -> Optional.empty())).isInstanceOf(Reading.Site.class);
    }

    private static String message(Reading reading) {
        return ((Reading.Problems) reading).problems().stream().map(Problem::message).findFirst().orElseThrow();
    }

    private static CommandLine command(String yaml) {
        return site("site: a\napplication:\n  command: " + yaml).application().command().orElseThrow();
    }

    private static HostPort listen(String yaml) {
        return site(SMALLEST + "front-door:\n  listen: " + yaml).frontDoor().listen();
    }

    private static Topology site(String yaml) {
        return site(yaml, Map.of());
    }

    private static Topology site(String yaml, Map<String, String> environment) {
        return SiteFile.read(yaml, name -> Optional.ofNullable(environment.get(name))).orThrow("site.yaml");
    }
}
