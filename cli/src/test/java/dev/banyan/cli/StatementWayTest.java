package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.console.Explanation;
import dev.banyan.postgres.Cluster;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.file.SiteFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementWayTest {
    private static final Cluster THREE = new Cluster(1, Optional.of(member("db-1", 1)), List.of(member("db-2", 2), member("db-3", 3)), false);

    private static Member member(String name, int port) {
        return new Member(name, new HostPort("127.0.0.1", port));
    }

    private static DatabaseRouter router(String yaml) {
        return SiteFile.read("site: a\napplication: { command: x }\ndatabase: { kind: postgresql, router: {" + yaml + "} }", _ -> Optional.empty()).orThrow("site.yaml").database().router();
    }

    private static Explanation explain(String yaml, Cluster cluster, String sql) {
        return new StatementWay(router(yaml), Catalogue.NONE, Optional.ofNullable(cluster)).explain(sql);
    }

    @Test
    void aReadMayGoToAReplica_andToThePrimaryWhenNoneHasCaughtUp() {
        Explanation read = explain("", THREE, "select * from photos where id = 7");
        assertThat(read.kind()).isEqualTo("reads only");
        assertThat(read.servers()).containsExactly("db-2", "db-3", "db-1");
        assertThat(read.why()).contains("has all that its session has written and seen, else the primary");
        assertThat(read.effects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "insert into t values (1)|may write",
        "select * from t for update|may write",
        "select nextval('s')|may write",
        "begin|controls a transaction",
        "set search_path = a|changes its session",
        "-- nothing|does nothing",
    })
    void whatIsNotProvedToReadGoesToThePrimary(String sql, String kind) {
        Explanation explained = explain("", THREE, sql);
        assertThat(explained.kind()).isEqualTo(kind);
        if (kind.equals("may write")) {
            assertThat(explained.servers()).containsExactly("db-1");
            assertThat(explained.why()).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "reads: { from: primary }|select 1|database.router.reads.from is primary",
        "mode: session|select 1|database.router.mode is session",
        "reads: { consistency: eventual }|/* banyan: primary */ select 1|its comment asks for the primary",
    })
    void saysWhichSettingKeepsAReadAtThePrimary(String yaml, String sql, String why) {
        Explanation read = explain(yaml, THREE, sql);
        assertThat(read.servers()).containsExactly("db-1");
        assertThat(read.why()).contains(why);
    }

    @Test
    void whileThereIsNoReplica_orNoSite_itSaysSo() {
        assertThat(explain("", Cluster.of(member("db-1", 1)), "select 1").why()).contains("there is no replica");
        Explanation stopped = explain("", null, "select 1");
        assertThat(stopped.kind()).isEqualTo("reads only");
        assertThat(stopped.servers()).isEmpty();
    }

    @Test
    void whatAStatementLeavesAtTheServerIsNamed_andAStatementThatIsTooLongIsNotRead() {
        assertThat(explain("", THREE, "create temporary table t (a int)").effects()).containsExactly("its session keeps a connection of its own: temporary table");
        Explanation longer = explain("statement: 1KiB", THREE, "select '" + "x".repeat(2000) + "'");
        assertThat(longer.kind()).isEqualTo("may write");
        assertThat(longer.why()).contains("2009 bytes").contains("database.router.statement");
    }
}
