package dev.banyan.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetedCacheControlTest {
    private final CacheControl control = new CacheControl();

    @Test
    void aStructuredDictionaryCounts() {
        assertThat(cdn("max-age=600, stale-while-revalidate=30, no-cache=\"set-cookie\", must-revalidate, unknown=1.5;x")).isTrue();
        assertThat(control.maxAge()).isEqualTo(600);
        assertThat(control.staleWhileRevalidate()).isEqualTo(30);
        assertThat(control.mustRevalidate()).isTrue();
        assertThat(control.noCacheFields()).containsExactly("set-cookie");
        assertThat(control.noCache()).isFalse();
    }

    @Test
    void falseIsAsIfItWereNotThere_andParametersDoNotCount() {
        assertThat(cdn("no-store=?0, max-age=5;ext=9")).isTrue();
        assertThat(control.noStore()).isFalse();
        assertThat(control.maxAge()).isEqualTo(5);
    }

    @Test
    void aLifetimeOfTheWrongTypeIsNone() {
        for (String wrong : new String[] {"max-age", "max-age=1.0", "max-age=\"60\"", "max-age=(60)", "max-age=-1", "max-age=@60"}) {
            assertThat(cdn(wrong)).as(wrong).isTrue();
            assertThat(control.maxAge()).as(wrong).isZero();
        }
    }

    @Test
    void linesAreOneDictionary() {
        Fields fields = fields("CDN-Cache-Control: max-age=5", "cdn-cache-control: no-store");
        assertThat(TargetedCacheControl.read(fields, FieldName.CDN_CACHE_CONTROL, control)).isTrue();
        assertThat(control.maxAge()).isEqualTo(5);
        assertThat(control.noStore()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MAX-AGE=5", "max-age=5,", "max-age=5 no-store", "max-age=", "&", "max-age=1234567890123456"})
    void whatIsNoDictionaryIsIgnoredWhole(String value) {
        assertThat(cdn(value)).isFalse();
        assertThat(control.noStore()).isFalse();
        assertThat(control.maxAge()).isEqualTo(CacheControl.NONE);
    }

    @Test
    void surrogateControlHasItsOwnExtension() {
        assertThat(surrogate("max-age=60+30, content=\"ESI/1.0\"")).isTrue();
        assertThat(control.maxAge()).isEqualTo(60);
        assertThat(control.staleWhileRevalidate()).isEqualTo(30);
        assertThat(surrogate("No-Store")).isTrue();
        assertThat(control.noStore()).isTrue();
        assertThat(surrogate("no-store-remote")).as("an edge is remote").isTrue();
        assertThat(control.noStore()).isTrue();
    }

    @Test
    void whatIsAimedAtOthersDoesNotCount() {
        assertThat(surrogate("max-age=3600;not-for-you")).isFalse();
        assertThat(surrogate("max-age=3600;banyan")).isTrue();
        assertThat(surrogate("content=\"ESI/1.0\"")).isFalse();
        assertThat(surrogate("max-age=1;other, max-age=7;Banyan")).isTrue();
        assertThat(control.maxAge()).isEqualTo(7);
    }

    private boolean cdn(String value) {
        return TargetedCacheControl.read(fields("CDN-Cache-Control: " + value), FieldName.CDN_CACHE_CONTROL, control);
    }

    private boolean surrogate(String value) {
        return TargetedCacheControl.readSurrogate(fields("Surrogate-Control: " + value), control);
    }

    static Fields fields(String... lines) {
        byte[] bytes = (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        Fields fields = new Fields();
        assertThat(fields.read(bytes, 0, bytes.length, 100)).isEqualTo(HeadVerdict.WHOLE);
        return fields;
    }
}
