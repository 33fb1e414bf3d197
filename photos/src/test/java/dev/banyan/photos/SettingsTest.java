package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    @Test
    void readsADatabaseUrlWithItsLoginAndParameters() {
        Settings settings = Settings.from(Map.of("DATABASE_URL", "postgres://ann:p%40ss%2Fw@db.example:6432/photos?sslmode=require"));
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6432/photos?sslmode=require");
        assertThat(settings.login()).contains(new Settings.Login("ann", "p@ss/w"));
        assertThat(settings.port()).isEqualTo(3000);
        assertThat(settings.instance()).endsWith(":3000");
    }

    @Test
    void prefersTheJdbcUrl() {
        Settings settings = Settings.from(Map.of("JDBC_DATABASE_URL", "jdbc:postgresql://h/a", "DATABASE_URL", "postgres://h/b", "BANYAN_INSTANCE", "web-2"));
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://h/a");
        assertThat(settings.instance()).isEqualTo("web-2");
    }

    @Test
    void neverShowsThePassword() {
        assertThat(Settings.from(Map.of("DATABASE_URL", "postgres://ann:secret@h/d")).toString()).doesNotContain("secret");
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.from(Map.of("DATABASE_URL", "mysql://ann:secret@h/d")))
                .withMessageNotContaining("secret").withMessageContaining("DATABASE_URL");
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.from(Map.of("DATABASE_URL", "postgres://ann:sec ret@h/d")))
                .withMessageNotContaining("sec ret").withMessageContaining("%XX");
    }

    @Test
    void readsTheCachesAddress_andHasNoneWithoutOne() {
        Settings settings = Settings.from(Map.of("DATABASE_URL", "postgres://h/d", "REDIS_URL", "redis://ann:se%40cret@127.0.0.1:6380"));
        assertThat(settings.redis()).map(RedisAddress::uri).map(URI::getPort).contains(6380);
        assertThat(settings.toString()).doesNotContain("cret");
        assertThat(Settings.from(Map.of("DATABASE_URL", "postgres://h/d", "REDIS_URL", " ")).redis()).isEmpty();
        for (String wrong : List.of("http://ann:secret@h:1", "redis://ann:secret@h", "redis:secret", "redis://ann:sec ret@h:1")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Settings.from(Map.of("DATABASE_URL", "postgres://h/d", "REDIS_URL", wrong)))
                    .withMessageNotContaining("ecret").withMessageNotContaining("sec ret").withMessageContaining("REDIS_URL");
        }
    }

    @Test
    void namesTheVariableThatIsWrong() {
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.from(Map.of())).withMessageContaining("JDBC_DATABASE_URL");
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.from(Map.of("PORT", "eighty", "DATABASE_URL", "postgres://h/d")))
                .withMessage("PORT must be a number from 0 to 65535, not 'eighty'");
    }
}
