package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.LocalCertificate;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.util.ReferenceCountUtil;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodesUrlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        // url | kind | hosts | user | password | database | primary's name
        "redis://cache.internal | RING | [cache.internal:6379] | - | - | 0 | -",
        "redis://cache.internal:6380/ | RING | [cache.internal:6380] | - | - | 0 | -",
        "redis://10.0.0.1,10.0.0.2:6380,[::1]:7000,[fe80::2]/3 | RING | [10.0.0.1:6379, 10.0.0.2:6380, [::1]:7000, [fe80::2]:6379] | - | - | 3 | -",
        "redis://h?db=3 | RING | [h:6379] | - | - | 3 | -",
        "redis://:secret@h | RING | [h:6379] | - | secret | 0 | -",
        "redis://app:s%3Ac%2Fr%40t%25+%C3%BC@h:1/15 | RING | [h:1] | app | s:c/r@t%+ü | 15 | -",
        "redis://a%3Ab:p@ss:word@h | RING | [h:6379] | a:b | p@ss:word | 0 | -",
        "redis-cluster://:s@10.0.0.1:7000,10.0.0.2:7000/0 | CLUSTER | [10.0.0.1:7000, 10.0.0.2:7000] | - | s | 0 | -",
        "redis-sentinel://10.0.0.1,10.0.0.2:26380/mymaster | SENTINEL | [10.0.0.1:26379, 10.0.0.2:26380] | - | - | 0 | mymaster",
        "redis-sentinel://app:s@10.0.0.1/my.master-2?db=4 | SENTINEL | [10.0.0.1:26379] | app | s | 4 | my.master-2"
    })
    void whatAUrlSaysIsRead(String url, NodesUrl.Kind kind, String hosts, String user, String password, int database, String primaryName) {
        NodesUrl read = NodesUrl.of(new Secret(url));
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.hosts()).hasToString(hosts);
        assertThat(read.user().orElse(null)).isEqualTo(user);
        assertThat(read.password().map(Secret::reveal).orElse(null)).isEqualTo(password);
        assertThat(read.database()).isEqualTo(database);
        assertThat(read.primaryName().orElse(null)).isEqualTo(primaryName);
        assertThat(read.tls()).isEmpty();
        assertThat(read.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http://h | cache.url is redis://",
        "redis:/h | cache.url is redis://",
        "redis:// | cache.url is redis://",
        "redis://u:hunter2@ | cache.url is redis://",
        "redis://u:hun#ter2@h | cache.url is redis://",
        "redis://u:hun/ter2@h | an @ behind its hosts",
        "redis://u:123/hunter2@h/1 | an @ behind its hosts",
        "redis://u:hun?ter2@h | an @ behind its hosts",
        "redis://hunter2@h | a login without a password",
        "redis://u:@h | a login without a password",
        "redis://u:hunter2%zz@h | % in the password",
        "redis://u:hunter2@h:70000 | a host that is none",
        "redis://u:hunter2@h:7 x | a host that is none",
        "redis://u:hunter2@h,,i | a host that is none",
        "redis://u:hunter2@[::1:7000 | a host that is none",
        "redis://u:hunter2@h,i,h:6379 | names h:6379 twice",
        "redis://u:hunter2@h/first | no number from 0 to 65535: 'first'",
        "redis://u:hunter2@h/65536 | no number from 0 to 65535",
        "redis://u:hunter2@h/1?db=2 | the database twice",
        "redis://u:hunter2@h?timeout=3 | a parameter that is none",
        "redis://u:hunter2@h?db | db without a value",
        "redis://u:hunter2@h?db=1&db=1 | db twice",
        "redis://u:hunter2@h?sslmode=require | begin it with rediss",
        "redis-cluster://u:hunter2@h/1 | a Redis Cluster has only 0",
        "redis-sentinel://u:hunter2@h | needs the name",
        "redis-sentinel://u:hunter2@h/my%20master | needs the name",
        "rediss://u:hunter2@h?sslmode=prefer | require, verify-ca or verify-full, not 'prefer'",
        "rediss://u:hunter2@h?sslmode=require&sslrootcert=ca.pem | does not look at",
        "rediss://u:hunter2@h?sslrootcert=no-such.pem | no such file"
    })
    void aUrlThatIsWrongIsRefused_andItsPasswordIsNotShown(String url, String message) {
        assertThatThrownBy(() -> NodesUrl.of(new Secret(url)))
                .isInstanceOf(BanyanException.class)
                .hasMessageStartingWith("cache.url ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining("ter2");
    }

    @Property
    void aPasswordOfAnyCharactersComesThroughItsCodes_andIsNeverShown(@ForAll String password) {
        String coded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
        if (!coded.isEmpty()) {
            NodesUrl read = NodesUrl.of(new Secret("redis://:" + coded + "@h:1"));
            assertThat(read.password().orElseThrow().reveal().getBytes(StandardCharsets.UTF_8)).isEqualTo(password.getBytes(StandardCharsets.UTF_8));
            assertThat(read.hosts()).containsExactly(new HostPort("h", 1));
        }
    }

    @Test
    void theNodesOfARingAreNamedByTheirAddresses() {
        assertThat(NodesUrl.of(new Secret("redis://10.0.0.1,10.0.0.2:6380")).ring().nodes()).extracting(Node::name).containsExactly("10.0.0.1:6379", "10.0.0.2:6380");
    }

    @Test
    void withTlsItSaysWhomToTrust(@TempDir Path folder) throws Exception {
        assertThat(NodesUrl.of(new Secret("rediss://h")).tls().orElseThrow().mode()).isEqualTo(NodeTls.Mode.VERIFY_FULL);
        assertThat(ReferenceCountUtil.release(NodesUrl.of(new Secret("rediss-cluster://h?sslmode=require")).tls().orElseThrow().context())).isTrue();
        assertThat(NodesUrl.of(new Secret("rediss-sentinel://h/m?sslrootcert=system")).tls().orElseThrow().root()).isEmpty();
        Path file = Files.writeString(folder.resolve("ca.pem"), LocalCertificate.make(Instant.EPOCH).certificatePem());
        NodesUrl with = NodesUrl.of(new Secret("rediss://h?sslmode=verify-ca&sslrootcert=" + file));
        assertThat(ReferenceCountUtil.release(with.tls().orElseThrow().context())).isTrue();
        Files.writeString(file, "no certificate");
        assertThatThrownBy(() -> with.tls().orElseThrow().context()).hasMessageContaining("cannot be read as PEM");
    }
}
