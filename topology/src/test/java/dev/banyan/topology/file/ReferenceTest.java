package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference page: its head is written by hand, the rest is made from the records. */
class ReferenceTest {
    private static final Path FILE = Path.of("../docs/site-file.md");
    private static final String MARK = "<!-- From here on made from the records: " + Golden.HOW + " -->\n";
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(site:.*?)```", Pattern.DOTALL);

    @Test
    void isMadeFromTheRecords() {
        String head = Golden.read(FILE).split(Pattern.quote(MARK), 2)[0];
        Golden.check(FILE, head + MARK + "\n" + ReferenceText.of(Shapes.SITE));
    }

    @Test
    void itsExamplesAreRight() {
        List<String> examples = EXAMPLE.matcher(Golden.read(FILE)).results().map((MatchResult found) -> found.group(1)).toList();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
        for (String example : examples) {
            assertThat(SiteFile.read(example, name -> Optional.of("x" + name)).report("example")).isEmpty();
        }
    }
}
