package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists every metric of every module, and no other. */
class MetricsPageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern IN_CODE = Pattern.compile("\"((?:banyan|http|db|process|jvm)_[a-z0-9_]*[a-z0-9])\"");
    /** Labels with OpenTelemetry's names look like metrics. */
    private static final Set<String> LABELS = Set.of("http_route", "db_system_name", "db_operation_name", "db_client_connection_state");
    private static final Pattern IN_PAGE = Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\|");

    @Test
    void thePageListsWhatTheCodeRegisters() throws IOException {
        assertThat(names(IN_PAGE, Files.readString(ROOT.resolve("docs/metrics.md"))))
                .as("docs/metrics.md has a row for each metric that is registered in main code: add or remove the row")
                .isEqualTo(registered());
    }

    private static Set<String> registered() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 12)) {
            return files.filter(file -> file.toString().endsWith(".java") && file.toString().contains("/src/main/"))
                    .map(MetricsPageTest::text)
                    .filter(text -> text.contains("import dev.banyan.telemetry.") || text.startsWith("package dev.banyan.telemetry;"))
                    .flatMap(text -> names(IN_CODE, text).stream())
                    .filter(name -> !LABELS.contains(name))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
