package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachedDatabaseTest {
    @Test
    void readsEveryPart() {
        DatabaseEndpoint endpoint = parse("postgresql://me:s%40crt%3A%2F@db.example.com:6000/my%20shop?sslmode=require&application_name=a+b");
        assertThat(endpoint.address()).isEqualTo(new HostPort("db.example.com", 6000));
        assertThat(endpoint.user()).isEqualTo("me");
        assertThat(endpoint.password().reveal()).isEqualTo("s@crt:/");
        assertThat(endpoint.database()).isEqualTo("my shop");
        assertThat(endpoint.parameters()).containsExactlyInAnyOrderEntriesOf(Map.of("sslmode", "require", "application_name", "a+b"));
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://u@h/d, h, 5432, u, d, ''",
        "postgresql://u@h, h, 5432, u, u, ''",
        "postgresql://u:p@h:/d, h, 5432, u, d, p",
        "postgresql://u:p@[::1]:7/d, ::1, 7, u, d, p",
        "postgresql://u:p@[2001:db8::5]/d, 2001:db8::5, 5432, u, d, p",
        "postgresql://u:p:q@h/d, h, 5432, u, d, p:q",
        "postgresql://u:a@b@h/d, h, 5432, u, d, a@b",
        "postgresql://u:%C3%BC@h/d, h, 5432, u, d, ü",
        "postgresql://u:a+b@h/d, h, 5432, u, d, a+b",
    })
    void fillsInWhatIsLeftOut(String url, String host, int port, String user, String database, String password) {
        assertThat(parse(url)).isEqualTo(new DatabaseEndpoint(new HostPort(host, port), user, new Secret(password), database, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "mysql://u:hidden@h/d", "hidden", "", "postgresql://h/hidden", "postgresql://:hidden@h/d", "postgresql://u:hidden@/d",
        "postgresql://u:hidden@h:x/d", "postgresql://u:hidden@h:0/d", "postgresql://u:hidden@h:70000/d", "postgresql://u:hidden@[::1/d",
        "postgresql://u:%zzhidden@h/d", "postgresql://u:hidden@h1:1,/d", "postgresql://u:hidden@h1:1,h1:1/d", "postgresql://u:hidden@,h1/d", "postgresql://u:hidden@h/d?sslmode",
        "postgresql://u@h/d?password=hidden", "postgresql://u:hidden/5@h/d", "postgresql://u:hidden@[::1]x/d", "postgresql://u:hidden@%2Ftmp/d",
    })
    void refusesWhatItCannotUse_andNeverShowsIt(String url) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_SITE_FILE))
                .hasMessageStartingWith("database.url ")
                .hasMessageNotContaining("hidden")
                .satisfies(e -> assertThat(e.getCause()).isNull());
    }

    @Test
    void namesSeveralServersInItsOrder_eachWithItsOwnPort() {
        assertThat(AttachedDatabase.endpoints(new Secret("postgresql://u:p@h1:1,[::1]:2,h3/d?sslmode=require")))
                .extracting(DatabaseEndpoint::address).containsExactly(new HostPort("h1", 1), new HostPort("::1", 2), new HostPort("h3", 5432));
        assertThat(AttachedDatabase.endpoints(new Secret("postgresql://u:p@h1,h2/d"))).allSatisfy(endpoint -> {
            assertThat(endpoint.user()).isEqualTo("u");
            assertThat(endpoint.password().reveal()).isEqualTo("p");
            assertThat(endpoint.database()).isEqualTo("d");
        });
    }

    @Test
    void isGivenOnAsItCame() {
        for (String url : new String[] {
            "postgresql://me:s%40crt%3A%2F@db.example.com:6000/my%20shop?sslmode=require&application_name=a%2Bb", "postgresql://u@[::1]:5432/d"
        }) {
            assertThat(parse(url).url().reveal()).isEqualTo(url);
        }
    }

    @Test
    void isGivenToJdbcInItsOwnWords() {
        assertThat(parse("postgresql://me:s%26t@[::1]:6000/shop?sslmode=require&application_name=web").jdbcUrl().reveal())
                .isEqualTo("jdbc:postgresql://[::1]:6000/shop?user=me&password=s%26t&sslmode=require&ApplicationName=web");
    }

    @Test
    void doesNotPrintItsPassword() {
        DatabaseEndpoint endpoint = parse("postgresql://u:hidden@h/d");
        assertThat(endpoint.toString() + endpoint.variables() + endpoint.password()).doesNotContain("hidden");
    }

    private static DatabaseEndpoint parse(String url) {
        return AttachedDatabase.endpoints(new Secret(url)).getFirst();
    }
}
