package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Problem;
import dev.banyan.topology.file.ProblemTable.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each row of the table of wrong site files gives exactly its problems. */
class ProblemTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HIDDEN", "hunter2", "EMPTY", "");

    @Test
    void theTableIsWhatTheReaderSays() {
        List<Row> rows = ProblemTable.read();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(60);
        assertThat(rows.stream().map(Row::name)).doesNotHaveDuplicates();
        List<Row> now = rows.stream().map(row -> new Row(row.name(), row.yaml(), SchemaTest.verdict(row.yaml()), said(row.yaml()))).toList();
        Golden.check(ProblemTable.FILE, ProblemTable.write(now));
    }

    @TestFactory
    Stream<DynamicTest> saysWhatIsWrongAndWhere() {
        return ProblemTable.read().stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> {
            assertThat(said(row.yaml())).isEqualTo(row.said()).isNotEmpty().doesNotContain("hunter2");
            assertThat(read(row.yaml()).report("site.yaml")).doesNotContain("hunter2");
        }));
    }

    private static String said(String yaml) {
        return switch (read(yaml)) {
            case Reading.Site(_, List<Problem> warnings, _) -> lines("warning ", warnings);
            case Reading.Problems(List<Problem> problems, _) -> lines("", problems);
        };
    }

    private static String lines(String kind, List<Problem> problems) {
        return problems.stream()
                .map(problem -> kind + problem.line() + ":" + problem.column() + " " + problem.path() + ": " + problem.message())
                .collect(Collectors.joining("\n"));
    }

    private static Reading read(String yaml) {
        return SiteFile.read(yaml, name -> Optional.ofNullable(ENVIRONMENT.get(name)));
    }
}
