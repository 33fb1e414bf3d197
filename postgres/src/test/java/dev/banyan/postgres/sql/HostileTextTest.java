package dev.banyan.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mebibyte of whatever would break a reader that recurses, or looks twice: each is read in a moment, with the stack that a thread has. */
class HostileTextTest {
    private static final int LENGTH = 1 << 20;

    @ParameterizedTest
    @MethodSource("units")
    void readsAMebibyteInAMoment(String unit) {
        String text = "SELECT " + unit.repeat(LENGTH / unit.length());
        Statement statement = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Texts.read(text));
        assertThat(statement.whyNot().length()).isLessThan(200);
    }

    static Stream<String> units() {
        return Stream.of(
                "(", ")", "()", "'", "''", "\"", "/*", "/*/", "*/", "-- ", "--\n", "$", "$a", "$$", "$a$", "$a$b$", "$aaaaaaaaaaaaaaaa", "E'\\", "U&\"", "[", "a.", "a(", "1", "1e", "_1", "1_",
                ";", "; ", "a;", "::", "+-", "/", "-", "'a'\n", "a ", "a,", "with x as (", "select ", "case ", "begin atomic ", "set_config('a',", "current_setting(", "age(", "in (1,", "values (1),", "é", "\u0001",
                "array[", "not ", "operator(", "create function begin atomic ", "do $$ ", "/* banyan: ", "explain ", "from (");
    }
}
