package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteDiffTest {
    private static final String BASE = "site: a\napplication: { command: ./serve }\n";

    @Test
    void isEmpty_whenNothingChanged() {
        assertThat(diff(GoodSites.EVERYTHING, GoodSites.EVERYTHING).isEmpty()).isTrue();
        assertThat(diff(BASE, BASE + "front-door: { listen: 8080 }").isEmpty()).as("a default that is written out").isTrue();
    }

    @Test
    void namesPathAndBothValues_asTheFileWritesThem() {
        SiteDiff diff = diff(BASE, BASE + "stage: 3\nfront-door: { timeouts: { connect: 1500ms }, retries: { budget: 12.5%, body: 1MiB }, balance: { algorithm: hash, hash: header X-User } }");
        assertThat(diff).hasToString("""
                stage: 1 -> 3
                front-door.balance.algorithm: power-of-two -> hash
                front-door.balance.hash: none -> header X-User
                front-door.retries.budget: 20% -> 12.5%
                front-door.retries.body: 64KiB -> 1MiB
                front-door.timeouts.connect: 1s -> 1500ms""");
        assertThat(diff.effect()).isEqualTo(Effect.LIVE);
    }

    @Test
    void ofASecretSaysOnlyThatItChanged() {
        String with = BASE.replace("./serve", "./serve, environment: { KEY: %s }");
        assertThat(diff(with.formatted("hunter2"), with.formatted("hunter3"))).hasToString("application.environment.KEY: changed");
        assertThat(diff(BASE, with.formatted("hunter2"))).hasToString("application.environment.KEY: none -> ***");
        String url = BASE + "database: { kind: postgresql, url: 'postgresql://u:%s@h/d' }";
        SiteDiff diff = diff(url.formatted("hunter2"), url.formatted("hunter3"));
        assertThat(diff).hasToString("database.url: changed");
        assertThat(diff.changes().toString()).doesNotContain("hunter");
    }

    @Test
    void aListIsOneValue() {
        String servers = "site: a\nstage: 3\napplication: { servers: [%s] }";
        assertThat(diff(servers.formatted("'http://a:1'"), servers.formatted("'http://b:1', 'http://a:1'")))
                .hasToString("application.servers: [{url: http://a:1, weight: 1}] -> [{url: http://b:1, weight: 1}, {url: http://a:1, weight: 1}]");
    }

    @Test
    void tellsWhatTakesARestart_whatAReplacementOfInstances_andWhatIsLive() {
        SiteDiff diff = diff(BASE, "site: a\napplication: { command: ./serve --new, health-path: /up }\nconsole: { listen: 9901 }\nfront-door: { tls: {} }");
        assertThat(diff.by(Effect.LIVE)).extracting(Change::path).containsExactly("application.health-path", "front-door.tls.certificates");
        assertThat(diff.by(Effect.ROLLING)).extracting(Change::path).containsExactly("application.command");
        assertThat(diff.by(Effect.RESTART)).extracting(Change::path).containsExactly("front-door.tls.listen", "console.listen");
        assertThat(diff.effect()).isEqualTo(Effect.RESTART);
    }

    @Test
    void aNodeOfTheCacheComesAndGoesLive_allElseOfTheCacheTakesANewStart() {
        String cache = BASE + "cache: { kind: redis, %s }";
        SiteDiff diff = diff(cache.formatted("nodes: 1"), cache.formatted("nodes: 3, memory: 1GiB, keys: [{ prefix: 's:', strategy: cache-aside, lease: true }], write-behind: { delay: 1s }, router: { near: { hot: 5 } }"));
        assertThat(diff.by(Effect.LIVE)).extracting(Change::path).containsExactly("cache.nodes");
        assertThat(diff.by(Effect.ROLLING)).isEmpty();
        assertThat(diff.by(Effect.RESTART)).extracting(Change::path).containsExactly("cache.memory", "cache.router.near.hot", "cache.keys", "cache.write-behind.delay");
    }

    @Test
    void aStepOfGrowthIsOneLiveChange() {
        Topology site = site(BASE);
        SiteDiff diff = SiteDiff.between(site, site.at(Stage.LOAD_BALANCER));
        assertThat(diff).hasToString("stage: 1 -> 3");
        assertThat(diff.effect()).isEqualTo(Effect.LIVE);
    }

    private static SiteDiff diff(String before, String after) {
        return SiteDiff.between(site(before), site(after));
    }

    private static Topology site(String yaml) {
        return SiteFile.read(yaml, _ -> Optional.empty()).orThrow("site.yaml");
    }
}
