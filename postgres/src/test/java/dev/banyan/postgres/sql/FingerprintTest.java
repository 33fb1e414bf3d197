package dev.banyan.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
    private final CachedStatementReader reader = Texts.reader(Catalogue.NONE);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT * FROM t WHERE a = 1                | select  *  from T where A='x' ;
            SELECT 1                                   | SELECT $1 -- c
            SELECT 1                                   | SELECT $x$ y $x$
            SELECT * FROM t WHERE a IN (1)             | SELECT * FROM t WHERE a IN (1, 2, -3, $4)
            SELECT ARRAY[1]                            | SELECT ARRAY['a', 'b']
            INSERT INTO t (a, b) VALUES (1, 2)         | INSERT INTO t (a, b) VALUES (3, 4), (-5, '6'), ($7, $8)
            """)
    void isTheSameForTextsThatDifferInLiteralsBlanksCommentsAndCapitals(String one, String other) {
        assertThat(Texts.read(reader, other, true).fingerprint()).isEqualTo(Texts.read(reader, one, true).fingerprint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT a                    | SELECT b
            SELECT a                    | SELECT "a"
            SELECT "a"                  | SELECT "A"
            SELECT ab                   | SELECT a b
            SELECT a < = b              | SELECT a <= b
            SELECT "a""b"               | SELECT "a" "b"
            SELECT 1; SELECT 2          | SELECT 1
            SELECT a IN (1, b)          | SELECT a IN (1, 2)
            SELECT f(1)                 | SELECT f(1, 2)
            VALUES (1), (a)             | VALUES (1), (2)
            VALUES (1), (2) LIMIT 1     | VALUES (1), (2)
            SELECT 'a                   | SELECT 'a'
            """)
    void isAnotherForOtherTokens(String one, String other) {
        assertThat(Texts.read(reader, other, true).fingerprint()).isNotEqualTo(Texts.read(reader, one, true).fingerprint());
    }

    @Test
    void dependsOnTheSeed() {
        CachedStatementReader seeded = new CachedStatementReader(() -> Catalogue.NONE, 10, Texts.SEED + 1);
        assertThat(Texts.read(seeded, "SELECT 1", true).fingerprint()).isNotEqualTo(Texts.read(reader, "SELECT 1", true).fingerprint());
    }

    @Test
    void twoNormalisedTextsNeverShareOne() {
        StatementGenerator generator = new StatementGenerator(new Random(1));
        Map<Long, String> texts = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            Statement statement = Texts.read(reader, generator.next(), true);
            String text = reader.normalised(statement).orElseThrow();
            String before = texts.put(statement.fingerprint(), text);
            assertThat(before == null ? text : before).isEqualTo(text);
        }
        assertThat(texts.values().stream().distinct().count()).isGreaterThan(texts.size() * 99L / 100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT abalance FROM pgbench_accounts WHERE aid = 12345; | select abalance from pgbench_accounts where aid = ?
            SELECT lower ( 'x' ) ,A.b::int[] FROM "T" -- c           | select lower(?), a.b::int[] from "T"
            SELECT count(*) FROM t WHERE a IN (1,2,3) AND b>=5        | select count(*) from t where a in (?) and b >= ?
            INSERT INTO t VALUES (1,'secret'), (2,'word')            | insert into t values (?, ?)
            ALTER ROLE bob PASSWORD 'hidden'                          | alter role bob password ?
            SELECT 'no end                                            | select !
            """)
    void isShownAsATextWithoutLiterals(String sql, String shown) {
        assertThat(reader.normalised(Texts.read(reader, sql, true))).contains(shown);
    }

    @Test
    void isShownCut_whenTheTextIsLong() {
        String shown = reader.normalised(Texts.read(reader, "SELECT " + "abc, ".repeat(1_000) + "d", true)).orElseThrow();
        assertThat(shown).hasSize(1_000).endsWith(" ...");
    }

    @Test
    void hashesTheSame_howeverTheInputIsCut_andAfterGoingBack() {
        byte[] bytes = "fifteen bytes..and some more".getBytes(StandardCharsets.UTF_8);
        KeyedHash whole = new KeyedHash(7);
        whole.begin();
        whole.add(bytes, 0, bytes.length);
        long value = whole.end();
        for (int cut : List.of(0, 1, 7, 8, 9, 20, bytes.length)) {
            KeyedHash parts = new KeyedHash(7);
            parts.begin();
            parts.add(bytes, 0, cut);
            parts.save();
            parts.add(bytes, 3, 11);
            parts.restore();
            parts.add(bytes, cut, bytes.length);
            assertThat(parts.end()).isEqualTo(value);
        }
    }
}
