package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.console.Purge;
import org.junit.jupiter.api.Test;

/** What an edge that was away has missed. */
class PurgeLogTest {
    private final PurgeLog log = new PurgeLog("run-1");

    private static Purge tag(String tag) {
        return new Purge(Purge.Kind.TAG, tag, false);
    }

    @Test
    void tellsWhatCameAfterANumber() {
        log.append(tag("a"));
        log.append(tag("b"));
        assertThat(log.after("run-1", 2)).hasValueSatisfying(missed -> assertThat(missed).isEmpty());
        assertThat(log.after("run-1", 1)).hasValueSatisfying(missed -> assertThat(missed).containsExactly(new PurgeLog.Entry(2, tag("b"))));
        assertThat(log.after("run-1", 0)).hasValueSatisfying(missed -> assertThat(missed).hasSize(2));
    }

    @Test
    void saysThatThereIsAGap_toWhoHeardOfAnotherRun_orOfMoreThanThereIs_orMissedTooMuch() {
        assertThat(log.after("run-0", 0)).isEmpty();
        assertThat(log.after("run-1", 5)).isEmpty();
        for (int i = 0; i < 1001; i++) {
            log.append(tag("t" + i));
        }
        assertThat(log.after("run-1", 0)).isEmpty();
        assertThat(log.after("run-1", 1)).hasValueSatisfying(missed -> assertThat(missed).hasSize(1000));
    }
}
