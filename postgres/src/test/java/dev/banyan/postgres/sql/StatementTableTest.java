package dev.banyan.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The statements of {@code statements.txt}, a line each: what is expected, a bar, the text. The file's head says how. */
class StatementTableTest {
    private static final Catalogue CATALOGUE = new Catalogue(Set.of("my_volatile", "lower_case", "upper"), Set.of("my_stable", "my_volatile", "st_area"), Set.of("my_unlogged", "my_seq"));

    @TestFactory
    Stream<DynamicTest> readsAsTheTableSays() throws IOException {
        CachedStatementReader reader = Texts.reader(CATALOGUE);
        List<DynamicTest> tests = new ArrayList<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            int bar = line.indexOf(" | ");
            if (line.startsWith("#") || bar < 0) {
                continue;
            }
            String expected = line.substring(0, bar).strip();
            String sql = line.substring(bar + 3).replace("⏎", "\n");
            tests.add(dynamicTest(number + ": " + sql, () -> check(reader, expected, sql)));
        }
        return tests.stream();
    }

    private static void check(CachedStatementReader reader, String expected, String sql) {
        boolean standardStrings = !expected.contains(" scs=off");
        Statement statement = Texts.read(reader, sql, standardStrings);
        assertThat(described(statement)).as(sql + "\nwhy not: " + statement.whyNot()).isEqualTo(expected.replace(" scs=off", ""));
        assertThat(described(Texts.read(reader, sql, standardStrings))).as("the second time").isEqualTo(described(statement));
        assertThat(statement.whyNot().isEmpty()).isEqualTo(statement.readsOnly());
    }

    /** A statement as the table writes it. */
    private static String described(Statement statement) {
        StringJoiner out = new StringJoiner(" ");
        out.add(statement.verb().name());
        out.add(statement.readsOnly() ? "reads" : "-");
        if (statement.count() > 1) {
            out.add("count=" + statement.count());
        }
        for (Pin pin : Pin.values()) {
            if ((statement.pins() & pin.bit()) != 0) {
                out.add("pin=" + pin);
            }
        }
        for (SettingChange change : statement.settings()) {
            out.add((change.local() ? "local:" : "set:") + change.name() + "=" + change.value());
        }
        if (!statement.name().isEmpty()) {
            out.add("name=" + statement.name());
        }
        statement.begin().ifPresent(begin -> {
            begin.readOnly().ifPresent(r -> out.add(r ? "read-only" : "read-write"));
            begin.isolation().ifPresent(i -> out.add(i.name().toLowerCase(Locale.ROOT)));
        });
        if (statement.transactionTime()) {
            out.add("time");
        }
        if (statement.cursor()) {
            out.add("cursor");
        }
        statement.hint().ifPresent(h -> out.add("hint=" + h));
        return out.toString();
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = StatementTableTest.class.getResourceAsStream("statements.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
