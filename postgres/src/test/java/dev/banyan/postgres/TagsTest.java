package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagsTest {
    @ParameterizedTest
    @CsvSource({
        "SELECT 5, NOTHING, 5", "INSERT 0 12, NOTHING, 12", "UPDATE 0, NOTHING, 0", "COPY 1234567890123, NOTHING, 1234567890123", "BEGIN, NOTHING, 0",
        "ALTER TABLE, OTHER_SCHEMA, 0", "DROP VIEW, OTHER_SCHEMA, 0", "CREATE VIEW, OTHER_SCHEMA, 0", "CREATE TABLE, NOTHING, 0", "DEALLOCATE, NOTHING, 0",
        "ALTER DATABASE, OTHER_DEFAULTS, 0", "ALTER ROLE, OTHER_DEFAULTS, 0", "DEALLOCATE ALL, NO_STATEMENTS, 0", "DISCARD ALL, NO_STATEMENTS, 0", "DELETE 3, NOTHING, 3",
        "5, NOTHING, 0", "A, NOTHING, 0", "D, NOTHING, 0",
    })
    void aTagSaysWhatWasDone_andHowManyRows(String tag, Tags.Meaning meaning, long rows) {
        ByteBuf in = Unpooled.copiedBuffer(new byte[] {'x', 'y'}, Sent.text(tag), new byte[] {'9'});
        int end = 2 + tag.length() + 1;
        assertThat(Tags.meaning(in, 2, end)).isEqualTo(meaning);
        assertThat(Tags.rows(in, 2, end)).isEqualTo(rows);
    }
}
