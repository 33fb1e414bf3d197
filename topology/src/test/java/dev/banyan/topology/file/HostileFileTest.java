package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Any bytes give a reading, soon, and never an exception. */
class HostileFileTest {
    /** Long enough that time by the square of it would show: a quadratic search took 14 s of it. */
    private static final int LONG = 200_000;
    private static final Duration SOON = Duration.ofSeconds(3);

    @Property(tries = 3000)
    void anyBytesGiveAReading(@ForAll @Size(max = 300) byte[] bytes) {
        check(SiteFile.read(bytes, _ -> Optional.empty()));
    }

    @Property(tries = 3000)
    void anyMixOfYamlsOwnCharactersGivesAReading(
            @ForAll @StringLength(max = 80)
                    @Chars({'a', ':', ' ', '\n', '-', '[', ']', '{', '}', '&', '*', '!', '|', '>', '"', '\'', '#', '%', '?', ',', '$', '\t', '~', '<', '.', '1'})
                    String yaml) {
        check(SiteFile.read(yaml, _ -> Optional.empty()));
    }

    @Property(tries = 3000)
    void aGoodFileWithSomeCharactersChangedGivesAReading(
            @ForAll @Size(min = 1, max = 5) int[] places, @ForAll @Size(5) char[] characters) {
        StringBuilder yaml = new StringBuilder(GoodSites.EVERYTHING);
        for (int i = 0; i < places.length; i++) {
            yaml.setCharAt(Math.floorMod(places[i], yaml.length()), characters[i]);
        }
        check(SiteFile.read(yaml.toString(), GoodSites::variable));
    }

    @TestFactory
    Stream<DynamicTest> aLongFileOfAnythingIsReadSoon() {
        return Stream.of("a", "[", "{", "- ", "? ", "a: ", "a:\n", "b: 1\n", "&a ", "*a ", "!!a ", "\"", "'", "#", "\n", " ", "\t", "a: [", "- - ", "|\n", "---\n", "${", "${A:-", "://", "://@", "%", "\u00e9", "x: \"\\u0041\"\n", "[a, ", "{a: b, ", "\r", "- 1\n")
                .map(part -> DynamicTest.dynamicTest(part.replace("\n", "\\n").strip() + " over and over", () -> {
                    String head = "site: a\napplication: { command: x }\n";
                    String rest = part.repeat(LONG / part.length());
                    for (String yaml : new String[] {rest, head + rest, "site: " + rest, "site: \"" + rest + "\""}) {
                        assertTimeout(SOON, () -> check(SiteFile.read(yaml, _ -> Optional.empty())));
                    }
                }));
    }

    private static void check(Reading reading) {
        switch (reading) {
            case Reading.Site site -> assertThat(site.topology()).isNotNull();
            case Reading.Problems wrong -> assertThat(wrong.problems()).hasSizeBetween(1, Findings.MOST + 1).allSatisfy(problem -> assertThat(problem.message()).isNotBlank().hasSizeLessThan(600));
        }
        assertThat(reading.report("site.yaml").length()).isLessThan(200_000);
    }
}
