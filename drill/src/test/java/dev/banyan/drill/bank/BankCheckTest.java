package dev.banyan.drill.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.Ledger;
import dev.banyan.drill.bank.MemoryBank.Misdeed;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The check itself, with banks that keep their word and banks that do not. */
class BankCheckTest {
    private static final Secret URL = new Secret("postgresql://ann@127.0.0.1:1/bank");
    private static final int ACCOUNTS = 20;

    private final Loops loops = Loops.open(IoKind.NIO, 1);
    private final Clock clock = Clock.system();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        loops.close();
    }

    private static BankOptions options(int faults, Optional<Path> ledger) {
        return new BankOptions(URL, 4, ACCOUNTS, 50, 10, faults, Duration.ofMillis(50), Duration.ofMillis(10), Duration.ofSeconds(20), ledger, Optional.empty());
    }

    private BankReport run(MemoryBank bank, BankOptions options, Fault fault) {
        return BankCheck.run(options, bank, fault, List::of, loops, clock, Loops.random(7), _ -> {});
    }

    /** The bank is down for as long as it takes to ask twenty times whether it is whole, 5 ms each; then another server has been promoted. */
    private static Fault outage(MemoryBank bank) {
        AtomicLong left = new AtomicLong();
        return new Fault() {
            @Override
            public String strike(int number) {
                left.set(20);
                bank.down.set(true);
                return "outage " + number;
            }

            @Override
            public boolean whole() {
                if (left.get() > 0 && left.decrementAndGet() == 0) {
                    bank.promote();
                    bank.down.set(false);
                }
                return left.get() == 0;
            }
        };
    }

    @Test
    void aBankThatKeepsItsWordHolds_andItsOutagesAreMeasured() {
        MemoryBank bank = new MemoryBank(ACCOUNTS, Misdeed.NONE);
        BankReport report = run(bank, options(3, Optional.empty()), outage(bank));
        assertThat(report.passed()).as(report.table()).isTrue();
        assertThat(report.faults()).extracting(BankReport.Struck::what).containsExactly("outage 1", "outage 2", "outage 3");
        assertThat(report.faults()).allSatisfy(fault -> assertThat(fault.withoutWritesMs()).isGreaterThan(80));
        assertThat(report.withoutWritesMs(50)).isLessThanOrEqualTo(report.withoutWritesMs(100));
        assertThat(report.failures()).containsKey("connect 08006");
        assertThat(report.acknowledged()).isGreaterThan(100);
        assertThat(report.table()).startsWith("held: ").contains("faults           3 of 3, healed 3");
    }

    @ParameterizedTest
    @EnumSource(value = Misdeed.class, mode = EnumSource.Mode.EXCLUDE, names = {"NONE", "SAYS_NOTHING_AND_DOES"})
    void eachMisdeedIsFoundOut(Misdeed misdeed) {
        BankReport report = run(new MemoryBank(ACCOUNTS, misdeed), options(0, Optional.empty()), null);
        assertThat(report.passed()).as(report.table()).isFalse();
        assertThat(report.examples()).as("a sentence for it").isNotEmpty();
        switch (misdeed) {
            case LOSES -> assertThat(report.lost()).isEqualTo(1);
            case REFUSES_AND_DOES -> assertThat(report.ghosts()).isEqualTo(1);
            case DOES_HALF -> {
                assertThat(report.drift()).isNegative();
                assertThat(report.wrongAccounts()).isEqualTo(1);
            }
            case INVENTS -> assertThat(report.strangers()).isEqualTo(1);
            case TWO_WRITERS -> assertThat(report.doublePrimaries()).isPositive();
            case FORGETS_ALL -> assertThat(report.lost()).isEqualTo(report.acknowledged());
            case NONE, SAYS_NOTHING_AND_DOES -> throw new AssertionError(misdeed);
        }
        assertThat(report.table()).startsWith("DID NOT HOLD: ");
        assertThat(report.exitCode()).isEqualTo(1);
    }

    @Test
    void aCommitWithoutAnAnswerMayBeThere_andIsCountedAsThat() {
        BankReport report = run(new MemoryBank(ACCOUNTS, Misdeed.SAYS_NOTHING_AND_DOES), options(0, Optional.empty()), null);
        assertThat(report.passed()).as(report.table()).isTrue();
        assertThat(report.unknown()).isEqualTo(1);
        assertThat(report.unknownThere()).isEqualTo(1);
    }

    @Test
    void everyAcknowledgedWriteIsInTheLedger() {
        Path file = folder.resolve("bank.ledger");
        BankReport report = run(new MemoryBank(ACCOUNTS, Misdeed.NONE), options(0, Optional.of(file)), null);
        AtomicLong acknowledged = new AtomicLong();
        Ledger.read(file, write -> acknowledged.addAndGet(write.acknowledged() ? 1 : 0));
        assertThat(acknowledged.get()).isEqualTo(report.acknowledged());
    }

    @Test
    void aFaultThatIsNotHealedEndsTheCheck() {
        MemoryBank bank = new MemoryBank(ACCOUNTS, Misdeed.NONE);
        BankOptions impatient = new BankOptions(URL, 4, ACCOUNTS, 50, 10, 5, Duration.ofMillis(50), Duration.ofMillis(10), Duration.ofMillis(100), Optional.empty(), Optional.empty());
        BankReport report = run(bank, impatient, new Fault() {
            @Override
            public String strike(int number) {
                return "something for good";
            }

            @Override
            public boolean whole() {
                return false;
            }
        });
        assertThat(report.faults()).hasSize(1);
        assertThat(report.passed()).isFalse();
        assertThat(report.table()).contains("a fault was not healed in time");
    }

    @Test
    void theReportIsJsonToo() {
        MemoryBank bank = new MemoryBank(ACCOUNTS, Misdeed.NONE);
        JsonNode json = new JsonMapper().readTree(run(bank, options(1, Optional.empty()), outage(bank)).json());
        assertThat(json.get("passed").asBoolean()).isTrue();
        assertThat(json.get("lost").asLong()).isZero();
        assertThat(json.get("faults").get(0).propertyNames()).containsExactly("what", "at_s", "without_writes_ms", "whole_s", "healed");
        assertThat(json.has("without_writes_p99_ms")).isTrue();
    }

    @Test
    void whatIsOutOfBoundsIsNamedAtOnce() {
        BankOptions wrong = new BankOptions(URL, 0, 1, 101, 10, -1, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> BankCheck.run(wrong, null, List::of, loops, clock, Loops.random(1), _ -> {}))
                .isInstanceOf(BanyanException.class)
                .hasMessageContainingAll("--workers: 1 to 10000, not 0", "--accounts: 2 to", "--inserts: 0 to 100, not 101", "--faults: 0 to");
    }
}
