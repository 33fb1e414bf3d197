package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Decisions.Numbered;
import dev.banyan.topology.Decision;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectsTest {
    private final LivingSite site = new LivingSite(Clock.system(), null, Duration.ZERO);
    private final Subjects subjects = new Subjects();

    @BeforeEach
    void aSiteWithEverything() {
        site.stage(6).server("web-2", Site.Health.UP).database("db-2", Site.Health.UP);
        subjects.note(site.site());
    }

    @ParameterizedTest
    @CsvSource({
        "eject web-2, application, web-2",
        "restart web-2 in 500 ms, application, web-2",
        "switch over from db-1 to db-2, data, db-1",
        "answer without cache node cache-2, data, cache-2",
        "take the cache's journal to the database, router, cache",
        "let lisbon-1 join, edge, lisbon-1",
        "kill front-door>web-1, application, web-1",
        "start web-7.2, application, web-7.2",
        "use certificates, front-door, ''",
        "panic: send to all servers, front-door, ''",
        "limit by this front door alone, front-door, ''",
        "refuse write-behind writes, data, ''",
        "make slot banyan_cache_1, data, ''",
        "grow to stage 4, '', ''",
        "end 3 processes, '', ''",
    })
    void aDecisionIsAboutTheServerItNames_elseAboutTheTierItSpeaksOf(String what, String tier, String node) {
        DecisionRow row = subjects.row(numbered(what, "a reason"));
        assertThat(row.tier()).isEqualTo(tier);
        assertThat(row.node()).isEqualTo(node);
    }

    @Test
    void theReasonNamesIt_whenTheActDoesNot() {
        assertThat(subjects.row(numbered("send no reads to it", "db-2 is 9 s behind")).node()).isEqualTo("db-2");
    }

    @Test
    void aServerThatIsGoneIsStillKnown() {
        site.stage(1);
        subjects.note(site.site());
        assertThat(subjects.row(numbered("stop lisbon-1", "it left")).tier()).isEqualTo("edge");
    }

    private static Numbered numbered(String what, String why) {
        return new Numbered(1, new Decision(what, why, "", Instant.EPOCH));
    }
}
