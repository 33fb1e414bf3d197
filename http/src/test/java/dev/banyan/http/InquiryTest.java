package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.topology.BanyanException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InquiryTest {
    private static Inquiry ask(String method, String url, String from, FieldLine... fields) {
        return Inquiry.of(method, url, List.of(fields), from, "localhost:8080", Set.of("customer"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/a?b=c|GET http://localhost:8080/a?b=c",
        "https://h/a#part|GET https://h/a",
        "https://h|GET https://h/",
        "http://h?q=1|GET http://h/?q=1",
        "/a?access_token=sesame&b=1|GET http://localhost:8080/a?access_token=***&b=1",
        "/a?b=1&customer=a|GET http://localhost:8080/a?b=1&customer=***",
    })
    void isAUrlOrAPath_saidAgainWithoutItsSecrets(String url, String said) {
        assertThat(ask("GET", url, "127.0.0.1")).hasToString(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "G ET|/|127.0.0.1|is no method",
        "GET|a/b|127.0.0.1|neither a URL",
        "GET|/a b|127.0.0.1|such a request is refused before anything is decided of it: 400",
        "GET|/|here|no address of a client",
    })
    void whatNoClientCouldSendIsRefusedInWords(String method, String url, String from, String why) {
        assertThatThrownBy(() -> ask(method, url, from)).isInstanceOf(BanyanException.class).hasMessageContaining(why);
    }

    @Test
    void aHostOfItsOwnCounts_andTwoAreNoRequest() {
        assertThat(ask("GET", "/", "::1", new FieldLine("Host", "shop")).head().hostEnd()).isPositive();
        assertThatThrownBy(() -> ask("GET", "/", "::1", new FieldLine("Host", "a"), new FieldLine("Host", "b"))).hasMessageContaining("such a request is refused");
    }

    @Test
    void secretsAreHiddenWhereverTheyAreSaid() {
        Discretion discretion = new Discretion(Set.of(), List.of(new FieldLine("Authorization", "Bearer abcdef.g"), new FieldLine("Cookie", "sid=12345678; theme=dark")), "/a?api_key=sesame");
        assertThat(discretion.in("abcdef.g or 12345678 or sesame or /x?y=1&api_key=other")).isEqualTo("*** or *** or *** or /x?y=1&api_key=***");
    }
}
