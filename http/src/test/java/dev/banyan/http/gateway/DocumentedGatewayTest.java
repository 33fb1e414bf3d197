package dev.banyan.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.file.Reading;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/gateway.md is a site file without a fault, and does with requests what the page says. */
class DocumentedGatewayTest {
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(site:.*?)```", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z]+) http://([^/`]+)(/[^`]*)` \\| ([^|]+) \\|");

    @Test
    void theExampleDoesWhatThePageSays(@TempDir Path folder) throws IOException {
        String page = Files.readString(Path.of("../docs/gateway.md"));
        Matcher example = EXAMPLE.matcher(page);
        assertThat(example.find()).isTrue();
        for (String file : List.of("public/assets/site.css", "public/console/index.html", "pages/404.html", "pages/5xx.html", "pages/closed.html")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "there");
        }
        Reading reading = SiteFile.read(Files.writeString(folder.resolve("site.yaml"), example.group(1)), _ -> Optional.empty());
        assertThat(reading.report("site.yaml")).isEmpty();
        RouteTable table = RouteTable.of(reading.orThrow("site.yaml").gateway(), folder, Checks.NONE);
        List<MatchResult> rows = ROW.matcher(page).results().toList();
        assertThat(rows).hasSize(9);
        for (MatchResult row : rows) {
            Gateways.Went went = Gateways.pass(table, Gateways.head(row.group(1) + " " + row.group(3) + " HTTP/1.1", "Host: " + row.group(2)));
            boolean file = went.answer() == null && went.passage().file() != null;
            assertThat(file ? "files of " + table.rules()[went.passage().rule().index()].folder().rule().folder() : went.where()).as(row.group()).isEqualTo(row.group(4));
        }
    }
}
