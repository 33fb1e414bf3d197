package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationConfTest {
    private static final RunAs SELF = new RunAs(List.of(), Optional.empty());

    @TempDir
    private Path data;

    @Test
    void isReadAsItWasWritten_quotesInPathsToo() throws Exception {
        var source = new ReplicationConf.Source("db-1", "host=127.0.0.1 passfile='/home/o\\'brien/it''s/x'", "db_2");
        ReplicationConf conf = ReplicationConf.ALONE.from(source).synchronousWith("ANY 1 (\"db-2\", \"db-3\")");
        conf.write(data, SELF);
        assertThat(ReplicationConf.read(data)).isEqualTo(conf);
        conf.fromNone().write(data, SELF);
        assertThat(ReplicationConf.read(data)).isEqualTo(ReplicationConf.ALONE.synchronousWith("ANY 1 (\"db-2\", \"db-3\")"));
    }

    @Test
    void isAloneWhereNothingIsSaid() throws Exception {
        assertThat(ReplicationConf.read(data)).isEqualTo(ReplicationConf.ALONE);
        Files.writeString(data.resolve(ReplicationConf.FILE), "# nothing\nother_setting = 'x'\n");
        assertThat(ReplicationConf.read(data)).isEqualTo(ReplicationConf.ALONE);
    }

    @Test
    void slotsAreNamedAfterTheirStandbys() {
        assertThat(Replication.slot("db-12")).isEqualTo("db_12");
        assertThat(Replication.server("db_12")).contains("db-12");
        assertThat(Replication.server("debezium")).isEmpty();
    }
}
