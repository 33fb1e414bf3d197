package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cache.journal.PendingRows.RowWork;
import dev.banyan.cache.journal.RowWrite.Effect;
import dev.banyan.net.Loops;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random writes to two tables of the same shape: to one one by one, to the other folded; they end up the same. */
class FoldAgainstPostgresIT {
    private static final List<String> NUMBERS = List.of("a", "b", "c", "d", "e");

    @TempDir
    private Path folder;

    @Test
    void foldedAndOneByOneMakeTheSameRows() throws Exception {
        try (JournalPostgres postgres = JournalPostgres.start(folder)) {
            for (String table : List.of("one", "folded")) {
                postgres.execute("CREATE TABLE " + table + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a bigint, b int NOT NULL DEFAULT 10, c numeric(12,2) DEFAULT 2.5, d smallint, e double precision DEFAULT 1, s text DEFAULT 'none', v varchar(20), t timestamptz)");
            }
            for (long seed = 0; seed < 150; seed++) {
                run(postgres, Loops.random(seed));
                assertThat(postgres.rows("SELECT * FROM folded ORDER BY id")).as("seed %d", seed).isEqualTo(postgres.rows("SELECT * FROM one ORDER BY id"));
            }
            assertThat(Integer.parseInt(postgres.rows("SELECT count(*) FROM one").getFirst())).isPositive();
        }
    }

    private static void run(JournalPostgres postgres, RandomGenerator random) throws Exception {
        List<RowWrite> writes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            writes.add(new RowWrite("one", Writes.key(1 + random.nextInt(12)), effect(random)));
        }
        RowStatements statements = new RowStatements();
        try (Connection connection = postgres.connect()) {
            connection.setAutoCommit(false);
            Map<RowKey, Pending> folds = new HashMap<>();
            for (RowWrite write : writes) {
                statements.write(connection, List.of(work(RowKey.of(write), Pending.of(write.effect()))));
                folds.merge(new RowKey("folded", write.key()), Pending.of(write.effect()), Pending::then);
            }
            statements.write(connection, folds.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(fold -> work(fold.getKey(), fold.getValue())).toList());
            connection.commit();
        }
    }

    private static RowWork work(RowKey row, Pending fold) {
        return new RowWork(row, fold, 1, 1);
    }

    private static Effect effect(RandomGenerator random) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return new Effect.Delete();
        }
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        Map<String, Long> amounts = new LinkedHashMap<>();
        for (String column : NUMBERS) {
            if (random.nextInt(3) == 0) {
                boolean canBeNull = !column.equals("b");
                values.put(column, canBeNull && random.nextInt(4) == 0 ? Optional.empty() : Optional.of(Integer.toString(random.nextInt(-50, 50))));
                amounts.put(column, (long) random.nextInt(-20, 20));
            }
        }
        if (kind < 5) {
            return new Effect.Add(amounts);
        }
        if (random.nextBoolean()) {
            values.put("s", Optional.of(random.nextBoolean() ? "it's {\"a\",NULL}\\" : ""));
            values.put("v", random.nextBoolean() ? Optional.empty() : Optional.of("é" + random.nextInt(9)));
            values.put("t", Optional.of("2026-01-0" + (1 + random.nextInt(9)) + " 00:00:00+00"));
        }
        return new Effect.Put(values);
    }
}
