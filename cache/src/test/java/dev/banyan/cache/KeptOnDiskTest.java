package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must outlive a restart. */
class KeptOnDiskTest {
    private final Rule rule = new Rule(0, Declared.of("a:", Strategy.READ_THROUGH).table("t").keys());
    private final Rule other = new Rule(1, Declared.of("b:", Strategy.READ_THROUGH).table("t").keys());

    @TempDir
    Path folder;

    private Generations open(Rule... rules) {
        return Generations.open(folder, List.of(rules), Clock.system());
    }

    @Test
    void aGenerationNobodyRaisedStays() {
        long before = open(rule, other).of(rule);
        assertThat(open(rule, other).of(rule)).isEqualTo(before);
    }

    @Test
    void aRaisedGenerationNeverComesBack_withOrWithoutAnEnd() {
        Generations first = open(rule, other);
        long ofOther = first.of(other);
        first.raise(rule);
        first.raise(rule);
        long raised = first.of(rule);
        Generations afterACrash = open(rule, other);
        assertThat(afterACrash.of(rule)).isGreaterThan(raised);
        assertThat(afterACrash.of(other)).isEqualTo(ofOther);
        afterACrash.raise(rule);
        long last = afterACrash.of(rule);
        afterACrash.close();
        assertThat(open(rule, other).of(rule)).isEqualTo(last);
    }

    @Test
    void aPrefixDeclaredOtherwiseBeginsAnew() throws Exception {
        long before = open(rule).of(rule);
        Clock.system().sleep(Duration.ofMillis(2));
        Rule changed = new Rule(0, Declared.of("a:", Strategy.READ_THROUGH).table("t", "x").keys());
        assertThat(open(changed).of(changed)).isNotEqualTo(before);
    }

    @Test
    void aDamagedFileCostsEntriesOnly() throws Exception {
        open(rule);
        Files.writeString(folder.resolve("generations"), "nonsense\n12 \n\u0000");
        assertThat(open(rule).of(rule)).isPositive();
    }

    @Test
    void whatIsOwedIsMarkedUntilItIsMadeUpFor() {
        Owed owed = new Owed(folder);
        CacheKey key = CacheKey.of(rule, List.of("1"));
        assertThat(owed.add(key, 5)).isTrue();
        assertThat(new Owed(folder).leftBehind()).isTrue();
        owed.settle();
        assertThat(owed.holds(key)).isTrue();
        owed.paid(new Owed.Debt(key, 4));
        assertThat(owed.holds(key)).as("a later change of it is still owed").isTrue();
        owed.paid(new Owed.Debt(key, 5));
        owed.settle();
        assertThat(new Owed(folder).leftBehind()).isFalse();
    }

    @Test
    void tablesThatWereFollowedAreKnownAfterARestart() {
        FollowedTables.open(folder).are(Set.of("public.a", "public.b"));
        FollowedTables again = FollowedTables.open(folder);
        assertThat(again.hasAll(List.of("public.a"))).isTrue();
        assertThat(again.live()).isFalse();
        again.none();
        assertThat(FollowedTables.open(folder).hasAll(List.of("public.a"))).isFalse();
    }

    @Test
    void changesAreRememberedForTenMinutesAtLeast() {
        Interleaving time = new Interleaving(1);
        RecentChanges recent = new RecentChanges(time, 1);
        CacheKey key = CacheKey.of(rule, List.of("1"));
        recent.note(key, 7);
        recent.note(key, 8);
        recent.note(rule, 9);
        assertThat(recent.of(key)).contains(7, 8, 9);
        time.execute(() -> {
            time.sleep(Duration.ofMinutes(9));
            recent.note(key, 10);
            assertThat(recent.of(key)).contains(8, 10);
            time.sleep(Duration.ofMinutes(25));
            recent.note(key, 11);
            time.sleep(Duration.ofMinutes(25));
            recent.note(key, 12);
            assertThat(recent.of(key)).doesNotContain(7, 8, 10);
        });
        time.run();
    }
}
