package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Topology;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nothing that may be a secret leaves the reader but by {@code Secret.reveal()}. */
class SecretTest {
    @Test
    void aTopologyPrintsNoSecret() {
        Topology site = SiteFile.read(GoodSites.EVERYTHING.replace("MODE: fast", "MODE: hunter2").replace("pass%2Fword", "hunter2"), _ -> Optional.empty()).orThrow("site.yaml");
        assertThat(site.toString()).contains("***").doesNotContain("hunter2");
        assertThat(site.application().environment().get("MODE").reveal()).isEqualTo("hunter2");
    }

    @Test
    void anExcerptShowsStarsForSecrets_andNoComments() {
        assertThat(report("""
                site: a
                application:
                  command: x
                  environment: { PASSWORD: hunter2, PORT: 80 } # was hunter2
                """)).isEqualTo("""
                site.yaml:4:37: application.environment.PORT: is set by Banyan itself, for each instance: choose another name
                    4 |   environment: { PASSWORD: *******, PORT: ** }
                      |                                     ^
                """);
    }

    @Test
    void anExcerptShowsStarsForWhatNoKeyAskedFor() {
        assertThat(report("site: a\napplication: { command: x }\ndatabse: { url: hunter2, list: [hunter2, \"hunter2\"] }\n")).isEqualTo("""
                site.yaml:3:1: databse: unknown key; did you mean 'database'?
                    3 | databse: { url: *******, list: [*******, *********] }
                      | ^
                """);
    }

    @Test
    void aValueOverManyLinesIsHiddenOnAllOfThem() {
        String yaml = "site: a\napplication:\n  command: x\n  environment:\n    KEY: |\n      hunter2\n      hunter2\n    LONG: \"hunter2\n      hunter2\"\n    FOLDED: hunter2\n      hunter2\n    PORT: 1\n";
        Reading.Problems reading = (Reading.Problems) SiteFile.read(yaml, _ -> Optional.empty());
        assertThat(String.join("\n", reading.lines())).contains("KEY:", "LONG:", "FOLDED:").doesNotContain("hunter2");
    }

    @Test
    void anAliasOfASecretIsASecretEverywhere() {
        String yaml = "site: &name hunter2\napplication:\n  command: x\n  environment: { KEY: *name }\nconsole: { listen: x }\n";
        Reading.Problems reading = (Reading.Problems) SiteFile.read(yaml, _ -> Optional.empty());
        assertThat(String.join("\n", reading.lines())).doesNotContain("hunter2");
    }

    @Test
    void ofAFileThatIsNotYamlOnlyKeysAreShown() {
        assertThat(report("site: a\napplication:\n  environment:\n    KEY: hunter2: x\n")).isEqualTo("""
                site.yaml:4:17: is not YAML: mapping values are not allowed here
                    4 |     KEY: ...
                """);
    }

    @Test
    void aValueInTheKeysPlaceIsHidden() {
        assertThat(report("site: a\napplication: { command: x, environment: { KEY=hunter2 } }\n")).isEqualTo("""
                site.yaml:2:43: application.environment.KEY=***: is not an environment variable's name: letters, digits and _, not first a digit
                    2 | application: { command: x, environment: { *********** } }
                      |                                           ^
                """);
        assertThat(report("site: a\napplication: { command: x, environment: KEY=hunter2 }\n")).doesNotContain("hunter2");
    }

    @Test
    void anOddLineBreakCostsTheExcerpt_notTheSecret() {
        assertThat(report("site: a\napplication: { command: x, environment: { A: \"x\u2028hunter2\" } }\nconsole: { lissten: 1 }\n"))
                .isEqualTo("site.yaml:3:12: console.lissten: unknown key; did you mean 'listen'?\n");
    }

    private static String report(String yaml) {
        return SiteFile.read(yaml, _ -> Optional.empty()).report("site.yaml");
    }
}
