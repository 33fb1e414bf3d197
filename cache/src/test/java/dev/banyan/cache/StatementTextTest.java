package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "SELECT $1 | SELECT ?", "SELECT $2, $1; | SELECT ?, ?", "SELECT '$1' | SELECT '$1'", "SELECT '''$1', $1 | SELECT '''$1', ?", "SELECT E'\\'$1', $1 | SELECT E'\\'$1', ?",
        "SELECT \"a$1\" FROM t | SELECT \"a$1\" FROM t", "SELECT a$1 FROM t | SELECT a$1 FROM t", "SELECT $$ $1 $$, $1 | SELECT $$ $1 $$, ?", "SELECT $x$ $1 $$ $x$, $1 | SELECT $x$ $1 $$ $x$, ?",
        "SELECT /* $1 /* $2 */ $3 */ $1 | SELECT /* $1 /* $2 */ $3 */ ?", "SELECT 1 -- $1 | SELECT 1 -- $1", "SELECT doc ? 'a' FROM t | SELECT doc ?? 'a' FROM t", "SELECT 'open $1 | SELECT 'open $1",
        "SELECT $1::bigint+$10 | SELECT ?::bigint+?"})
    void parametersBecomeMarks_whatIsQuotedStays(String declared, String jdbc) {
        assertThat(StatementText.of(declared.strip()).jdbc()).isEqualTo(jdbc.strip());
    }

    @Test
    void eachMarkKnowsItsNumber() {
        StatementText text = StatementText.of("SELECT $2, $1, $2");
        assertThat(text.parameters()).isEqualTo(List.of(2, 1, 2));
        assertThat(text.count()).isEqualTo(2);
    }
}
