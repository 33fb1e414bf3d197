package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.topology.Compression.Coding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
    private static final List<Coding> ALL = List.of(Coding.BR, Coding.ZSTD, Coding.GZIP);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gzip | GZIP",
        "gzip, deflate, br, zstd | BR",
        "gzip, deflate, zstd | ZSTD",
        "GZip | GZIP",
        "x-gzip | GZIP",
        "br;q=0.5, gzip | GZIP",
        "br;q=0.5, gzip;q=0.501 | GZIP",
        "br ; Q=0.5 , gzip ; q=0.4 | BR",
        "* | BR",
        "*;q=0 |",
        "br;q=0, * | ZSTD",
        "gzip;q=0, *;q=0.1 | BR",
        "gzip;q=0 |",
        "gzip;q=0.000 |",
        "identity |",
        "identity, gzip;q=0.5 |",
        "identity;q=0.5, gzip;q=0.5 | GZIP",
        "identity;q=0 |",
        "identity;q=0, gzip | GZIP",
        "deflate, compress |",
        "gzip;q=1.5 |",
        "gzip;q=0.1234 |",
        "gzip;q=x, br;q=0.1 | BR",
        "gzip;level=9 |",
        ",, gzip ,, | GZIP",
        "gzippy |",
        "gzip x |",
    })
    void choosesWhatTheClientLikesBest(String value, Coding expected) {
        assertThat(choose("Accept-Encoding: " + value)).isEqualTo(expected);
    }

    @Test
    void whoSaysNothingGetsNothing() {
        assertThat(choose("Host: example.com")).isNull();
        assertThat(choose("Accept-Encoding:")).isNull();
    }

    @Test
    void severalLinesAreOneList() {
        assertThat(choose("Accept-Encoding: br;q=0.1\r\naccept-encoding: gzip")).isEqualTo(Coding.GZIP);
    }

    @Property(tries = 1000)
    void neverChoosesWhatTheClientRulesOut(@ForAll("values") String value) {
        Coding chosen = choose("Accept-Encoding: " + value);
        if (chosen != null) {
            String name = chosen.name().toLowerCase();
            assertThat(value.contains(name) || value.contains("*")).isTrue();
            assertThat(value.startsWith(name + ";q=0,")).isFalse();
        }
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of("gzip", "br", "zstd", "*", "identity", "deflate", "x", "").flatMap(name -> Arbitraries.of("", ";q=0", ";q=0.5", ";q=1", ";q=", " ; q=0.3", ";a=b").map(name::concat))
                .list().ofMaxSize(6).map(list -> String.join(",", list));
    }

    private static Coding choose(String lines) {
        Fields fields = new Fields();
        byte[] bytes = (lines + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(fields.read(bytes, 0, bytes.length, 100)).isEqualTo(HeadVerdict.WHOLE);
        return AcceptEncoding.choose(fields, ALL);
    }
}
