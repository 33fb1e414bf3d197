package dev.banyan.topology.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of wrong site files, {@code problems.txt}: a row is
 *
 * <pre>
 * === name
 * the site file
 * >>> schema takes (or refuses; absent when it is no YAML)
 * line:column path: message, for each problem and each warning ('warning ' before it)
 * </pre>
 */
final class ProblemTable {
    static final Path FILE = Path.of("src/test/resources/dev/banyan/topology/file/problems.txt");
    private static final Pattern ROW = Pattern.compile("=== ([^\n]*)\n(.*?)>>> ?([^\n]*)\n(.*?)(?=\n=== |\\z)", Pattern.DOTALL);

    private ProblemTable() {}

    record Row(String name, String yaml, Optional<String> schema, String said) {}

    static List<Row> read() {
        List<Row> rows = new ArrayList<>();
        Matcher row = ROW.matcher(Golden.read(FILE));
        while (row.find()) {
            Optional<String> schema = Optional.of(row.group(3).replace("schema ", "")).filter(text -> !text.isEmpty());
            rows.add(new Row(row.group(1), row.group(2), schema, row.group(4).strip()));
        }
        return rows;
    }

    static String write(List<Row> rows) {
        return rows.stream()
                .map(row -> "=== " + row.name() + "\n" + row.yaml() + ">>>" + row.schema().map(verdict -> " schema " + verdict).orElse("") + "\n" + row.said() + "\n")
                .collect(Collectors.joining("\n"));
    }
}
