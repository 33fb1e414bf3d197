package dev.banyan.drill.reads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.reads.MemoryStore.Fault;
import dev.banyan.drill.PostgresUrl;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Secret;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReadYourWritesCheckTest {
    private static Loops loops;

    @BeforeAll
    static void open() {
        loops = Loops.open(IoKind.NIO, 1);
    }

    @AfterAll
    static void close() {
        loops.close();
    }

    @Test
    void aStoreThatKeepsItsPromisesHolds() {
        ReadYourWritesReport report = run(new MemoryStore(Fault.NONE), 20_000);
        assertThat(report.passed()).isTrue();
        assertThat(report.violated()).isZero();
        assertThat(report.reads()).isGreaterThan(10_000);
        assertThat(report.writes()).isGreaterThan(3_000);
        assertThat(report.transactions()).isGreaterThan(1_000);
        assertThat(report.carried()).isGreaterThan(100);
        assertThat(report.table()).startsWith("held: 20,000 operations of 8 sessions in ");
    }

    @ParameterizedTest
    @CsvSource({"LATE_READS, own_write", "LATE_READS, own_past", "BACK_AND_FORTH, own_past", "DEAF_TO_POSITIONS, own_write",
            "TORN_TRANSACTIONS, in_transaction", "NO_ROLLBACK, never_written"})
    void whatAStoreDoesNotKeepIsFound(Fault fault, String kind) {
        ReadYourWritesReport report = run(new MemoryStore(fault), 200_000);
        assertThat(report.violations()).containsKey(kind);
        assertThat(report.examples()).hasSizeBetween(1, 10);
        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(report.table()).startsWith("DID NOT HOLD");
    }

    @Test
    void aPositionThatIsHandedOnAndNotKeptIsFound() {
        ReadYourWritesOptions options = new ReadYourWritesOptions(url("127.0.0.1"), 64, 100_000, Duration.ofMinutes(1), 20, 0, 60, List.of(), Optional.empty());
        ReadYourWritesReport report = ReadYourWritesCheck.run(options, new MemoryStore(Fault.DEAF_TO_POSITIONS), loops, Clock.system(), Loops.random(7), _ -> {});
        assertThat(report.violations()).containsKey("carried");
    }

    @Test
    void aConnectionThatBreaksIsAFailure_notAViolation() {
        MemoryStore store = new MemoryStore(Fault.NONE);
        ReadYourWritesReport report = run(new BreakingStore(store), 2_000);
        assertThat(report.violated()).isZero();
        assertThat(report.failures()).containsKey("57P01");
        assertThat(report.reconnects()).isPositive();
        assertThat(report.passed()).isTrue();
    }

    @Test
    void aCheckThatIsStuckEndsAtItsLimit() {
        ReadYourWritesOptions options = new ReadYourWritesOptions(url("127.0.0.1"), 2, 1_000_000_000, Duration.ofSeconds(1), 20, 10, 2, List.of(), Optional.empty());
        ReadYourWritesReport report = ReadYourWritesCheck.run(options, new MemoryStore(Fault.NONE), loops, Clock.system(), Loops.random(1), _ -> {});
        assertThat(report.ended()).isFalse();
        assertThat(report.passed()).isFalse();
        assertThat(report.operations()).isLessThan(1_000_000_000).isPositive();
    }

    @Test
    void theReportAsJsonHasItsKeys() {
        JsonNode json = JsonMapper.builder().build().readTree(run(new MemoryStore(Fault.LATE_READS), 20_000).json());
        assertThat(json.propertyNames()).contains("sessions", "seconds", "operations", "reads", "writes", "transactions", "carried", "can_carry", "failed", "failures", "reconnects",
                "violations", "violations_by_kind", "examples", "read_p50_ms", "read_p99_ms", "write_p50_ms", "write_p99_ms", "reads_by_server", "ended", "passed");
        assertThat(json.get("violations").asLong()).isPositive();
        assertThat(json.get("passed").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1/x", "postgresql://203.0.113.7:5432/app", "jdbc:postgresql://203.0.113.7/app?user=a&password=hush", ""})
    void whatIsNoUrlOrNotThisMachineIsRefused_withoutShowingIt(String url) {
        ReadYourWritesOptions options = ReadYourWritesOptions.at(new Secret(url));
        assertThatThrownBy(() -> ReadYourWritesCheck.run(options, loops, Clock.system(), Loops.random(1), _ -> {}))
                .isInstanceOf(BanyanException.class)
                .hasMessageContaining("--url")
                .hasMessageNotContaining("hush");
    }

    @Test
    void partsOfAnUrlAreDecoded() {
        var properties = PostgresUrl.of(new Secret("postgresql://ann:p%40ss+1@127.0.0.1:6432/photos?sslmode=disable"), "--url", Optional.empty());
        assertThat(properties).containsEntry("user", "ann").containsEntry("password", "p@ss+1").containsEntry("PGPORT", "6432").containsEntry("PGDBNAME", "photos")
                .containsEntry("sslmode", "disable");
    }

    private static ReadYourWritesReport run(Store store, long operations) {
        ReadYourWritesOptions options = new ReadYourWritesOptions(url("127.0.0.1"), 8, operations, Duration.ofMinutes(1), 20, 10, 2, List.of(), Optional.empty());
        return ReadYourWritesCheck.run(options, store, loops, Clock.system(), Loops.random(7), _ -> {});
    }

    private static Secret url(String host) {
        return new Secret("postgresql://app@" + host + ":1/app");
    }

    /** Breaks a connection now and then. */
    private record BreakingStore(MemoryStore store) implements Store {
        @Override
        public void prepare(int counters) {
            store.prepare(counters);
        }

        @Override
        public Link open() throws SQLException {
            Link link = store.open();
            return new ForwardingLink(link);
        }

        @Override
        public boolean carries() {
            return true;
        }

        @Override
        public SortedMap<String, Long> readsByServer() {
            return store.readsByServer();
        }

        @Override
        public void remove() {
            store.remove();
        }
    }

    /** Breaks at its fiftieth read. */
    private static final class ForwardingLink implements Link {
        private final Link link;
        private int reads;

        ForwardingLink(Link link) {
            this.link = link;
        }

        @Override
        public long read(int counter) throws SQLException {
            if (++reads == 50) {
                throw new SQLException("terminating connection due to administrator command", "57P01");
            }
            return link.read(counter);
        }

        @Override
        public void write(int counter, long version) throws SQLException {
            link.write(counter, version);
        }

        @Override
        public void begin() throws SQLException {
            link.begin();
        }

        @Override
        public void commit() throws SQLException {
            link.commit();
        }

        @Override
        public void rollback() throws SQLException {
            link.rollback();
        }

        @Override
        public String position() throws SQLException {
            return link.position();
        }

        @Override
        public void carry(String position) throws SQLException {
            link.carry(position);
        }

        @Override
        public void close() {
            link.close();
        }
    }
}
