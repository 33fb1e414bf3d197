package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplicationNameTest {
    @Test
    void theNameIsReadFromWhereverItWasSet() {
        SessionSettings atStart = SessionSettings.ofStartUp(Map.of("application_name", "it's mine"));
        assertThat(atStart.applicationName()).isEqualTo("it's mine");
        assertThat(SessionSettings.NONE.applicationName()).isEmpty();
        assertThat(atStart.with("application_name", "'photos (web-1)'").applicationName()).isEqualTo("photos (web-1)");
        assertThat(atStart.with("application_name", "'o''brien'").applicationName()).isEqualTo("o'brien");
        assertThat(atStart.with("application_name", "psql").applicationName()).isEqualTo("psql");
        assertThat(atStart.with("application_name", "''").applicationName()).isEmpty();
    }
}
