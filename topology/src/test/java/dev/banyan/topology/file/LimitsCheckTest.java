package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsCheckTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "limits: [{ name: a, requests: 1 }, { name: a, requests: 2 }] | is the name of gateway.limits[0] too",
        "concurrency: { initial: 2 } | begins with 2, which is not between its minimum of 4",
        "concurrency: { maximum: 10 } | its maximum of 10",
        "breaker: { pause: 2m } | the first pause is longer than the longest",
        "limits: [{ requests: 1, by: cookie a }] | a limit counts by",
    })
    void whatCannotBeMeantIsSaid(String gateway, String message) {
        assertThatThrownBy(() -> read(gateway)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"limits: [{ name: a, requests: 1 }, { name: b, requests: 2 }]", "concurrency: {}", "breaker: { pause: 1m }", "compression: {}"})
    void whatCanBeIsRead(String gateway) {
        assertThat(read(gateway)).isNotNull();
    }

    private static Object read(String gateway) {
        return SiteFile.read("site: shop\nstage: 3\napplication: { command: x }\ngateway: { " + gateway + " }\n", _ -> Optional.empty()).orThrow("site.yaml");
    }
}
