package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages and folders that a site file names are beside it. */
class GatewayFilesTest {
    private static final String SITE = """
            site: a
            application: { command: x }
            gateway:
              routes:
                - { name: files, path: /files, files: public }
                - { name: page, path: /page, files: { folder: public, fallback: index.html } }
              error-pages: { 404: missing.html, 5xx: { file: large.html } }
              maintenance: { page: closed.html }
            """;

    @TempDir
    Path folder;

    @Test
    void saysWhichAreMissing() throws IOException {
        Files.write(folder.resolve("large.html"), new byte[(1 << 20) + 1]);
        assertThat(problems()).containsExactly(
                "5 gateway.routes[0].files: 'public' is no folder in " + folder + ": make it, or name another",
                "6 gateway.routes[1].files.folder: 'public' is no folder in " + folder + ": make it, or name another",
                "7 gateway.error-pages.404: 'missing.html' is no file that can be read in " + folder + ": write it, or name another",
                "7 gateway.error-pages.5xx.file: 'large.html' has 1048577 bytes, and a page is kept in memory: at most 1048576",
                "8 gateway.maintenance.page: 'closed.html' is no file that can be read in " + folder + ": write it, or name another");
        Files.createDirectory(folder.resolve("public"));
        assertThat(problems()).contains("6 gateway.routes[1].files.fallback: 'index.html' is no file in " + folder.resolve("public") + ": write it, or name another");
    }

    @Test
    void saysNothingWhenAllAreThere() throws IOException {
        Files.createDirectory(folder.resolve("public"));
        for (String file : List.of("public/index.html", "missing.html", "large.html", "closed.html")) {
            Files.writeString(folder.resolve(file), "<p>there");
        }
        assertThat(problems()).isEmpty();
    }

    private List<String> problems() throws IOException {
        Path file = Files.writeString(folder.resolve("site.yaml"), SITE);
        return switch (SiteFile.read(file, _ -> Optional.empty())) {
            case Reading.Site _ -> List.of();
            case Reading.Problems(List<Problem> problems, _) -> problems.stream().map(problem -> problem.line() + " " + problem.path() + ": " + problem.message()).toList();
        };
    }
}
