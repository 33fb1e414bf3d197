package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {
    private static final List<String> NAMES = List.of("timezone", "search_path", "role", "session_authorization", "app.user", "datestyle");

    /** What a server has after some SQL: the statement that set each, none where it has its default. */
    private static TreeMap<String, String> applied(TreeMap<String, String> before, String sql) {
        TreeMap<String, String> after = new TreeMap<>(before);
        for (String statement : sql.split(";")) {
            if (statement.contains("session_authorization")) {
                after.remove("role"); // SET SESSION AUTHORIZATION ends the role
            }
            if (statement.startsWith("RESET ")) {
                after.remove(statement.substring(6));
            } else if (!statement.isEmpty()) {
                after.put(statement.startsWith("SET ") ? statement.substring(4, statement.indexOf(" TO ")) : statement.replaceAll(".*set_config\\(E'(.*?)'.*", "$1"), statement);
            }
        }
        return after;
    }

    private static SessionSettings random(Random random, SessionSettings atStart) {
        SessionSettings settings = atStart;
        for (int i = random.nextInt(12); i > 0; i--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            settings = random.nextInt(4) == 0 ? settings.reset(name, atStart) : settings.with(name, "v" + random.nextInt(3));
        }
        return settings;
    }

    @Property(tries = 2_000)
    void theSqlBringsAnyToAny(@ForAll Random random) {
        SessionSettings start = random.nextBoolean() ? SessionSettings.NONE : SessionSettings.ofStartUp(Map.of("timezone", "UTC", "role", "ann"));
        SessionSettings has = random(random, SessionSettings.NONE);
        SessionSettings wants = random(random, start);
        TreeMap<String, String> server = applied(new TreeMap<>(), has.from(SessionSettings.NONE));
        TreeMap<String, String> wanted = applied(new TreeMap<>(), wants.from(SessionSettings.NONE));
        assertThat(applied(server, wants.from(has))).isEqualTo(wanted);
        assertThat(wants.from(has).isEmpty()).isEqualTo(has.equals(wants));
        assertThat(has.equals(wants)).isEqualTo(server.equals(wanted));
        assertThat(!has.equals(wants) || has.hashCode() == wants.hashCode()).isTrue();
    }

    @Property(tries = 500)
    void whoItActsAsIsResetFirstAndSetLast(@ForAll Random random) {
        List<String> statements = List.of(random(random, SessionSettings.NONE).from(random(random, SessionSettings.NONE)).split(";"));
        int reset = 0;
        int set = statements.size();
        for (int i = 0; i < statements.size(); i++) {
            boolean actor = statements.get(i).matches("(RESET|SET) (role|session_authorization).*");
            if (!actor) {
                assertThat(i).as("%s", statements).isGreaterThanOrEqualTo(reset).isLessThan(set);
            } else if (statements.get(i).startsWith("RESET")) {
                reset = i + 1;
            } else {
                set = Math.min(set, i);
            }
        }
        assertThat(reset).isLessThanOrEqualTo(set);
        List<String> actors = statements.stream().filter(each -> each.matches("SET (role|session_authorization).*")).map(each -> each.substring(4, 8)).toList();
        assertThat(actors).as("a role is one of the user's").isIn(List.of(), List.of("role"), List.of("sess"), List.of("sess", "role"));
    }

    @Test
    void resetGoesBackToTheStartUpPacket() {
        SessionSettings start = SessionSettings.ofStartUp(Map.of("timezone", "Asia/Tokyo"));
        assertThat(start.with("timezone", "'UTC'").reset("timezone", start)).isEqualTo(start);
        assertThat(SessionSettings.NONE.with("timezone", "'UTC'").reset("timezone", SessionSettings.NONE)).isSameAs(SessionSettings.NONE);
        assertThat(start.reset("datestyle", start)).isSameAs(start);
        assertThat(start.with("timezone", "x").with("timezone", "x")).isEqualTo(start.with("timezone", "x"));
    }

    @Test
    void valuesOfTheStartUpPacketAreNoSql_andNamesAreQuotedWhereTheyMustBe() {
        assertThat(SessionSettings.ofStartUp(Map.of("application_name", "it's \\ x")).from(SessionSettings.NONE))
                .isEqualTo("SELECT pg_catalog.set_config(E'application_name',E'it\\'s \\\\ x',false);");
        assertThat(SessionSettings.NONE.with("my.Odd\"name", "1").from(SessionSettings.NONE)).isEqualTo("SET my.\"Odd\"\"name\" TO 1;");
    }

    @Test
    void standardStringsAreKnown() {
        assertThat(SessionSettings.NONE.standardStrings()).isTrue();
        for (String off : List.of("off", "'off'", "false", "0", "OFF", "'no'")) {
            assertThat(SessionSettings.NONE.with("standard_conforming_strings", off).standardStrings()).as(off).isFalse();
        }
        assertThat(SessionSettings.NONE.with("standard_conforming_strings", "on").standardStrings()).isTrue();
    }
}
