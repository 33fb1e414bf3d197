package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
    @TempDir
    Path folder;

    @Test
    void findsTheLost_theDoubled_andThoseNobodyCanTell() throws InterruptedException {
        Path file = folder.resolve("ledger");
        try (Ledger ledger = Ledger.open(file)) {
            for (String key : new String[] {"there", "there", "lost", "twice", "unknown"}) {
                ledger.acknowledged(ledger.sent("comment", key, Map.of()), "id");
            }
            for (String key : new String[] {"there", "lost", "twice"}) {
                ledger.sent("comment", key, Map.of());
            }
        }
        AuditReport report = audit(file, write -> switch (write.key()) {
            case "there" -> OptionalInt.of(1);
            case "lost" -> OptionalInt.of(0);
            case "twice" -> OptionalInt.of(2);
            default -> OptionalInt.empty();
        });
        assertThat(report).usingRecursiveComparison().ignoringFields("examples").isEqualTo(new AuditReport(5, 1, 2, 1, 3, 2, java.util.List.of()));
        assertThat(report.clean()).isFalse();
        assertThat(report.examples()).hasSize(4).anyMatch(e -> e.startsWith("lost: comment id of lost")).anyMatch(e -> e.startsWith("there 2 times"));
    }

    @Test
    void looksAgainForWhatIsNotThereYet() throws InterruptedException {
        Path file = folder.resolve("ledger");
        try (Ledger ledger = Ledger.open(file)) {
            ledger.acknowledged(ledger.sent("comment", "late", Map.of()), "id");
        }
        AtomicInteger looks = new AtomicInteger();
        AuditReport report = audit(file, write -> switch (looks.incrementAndGet()) {
            case 1 -> OptionalInt.empty();
            case 2, 3 -> OptionalInt.of(0);
            default -> OptionalInt.of(1);
        });
        assertThat(report.clean()).isTrue();
        assertThat(looks).hasValue(Audit.LOOKS);
    }

    private static AuditReport audit(Path file, Audit.Checker checker) throws InterruptedException {
        try (Loops loops = Loops.open()) {
            return Audit.of(file, checker, loops.blocking(), Clock.system(), Duration.ofMillis(1));
        }
    }
}
