package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a purge may name. */
class PurgeTest {
    private static Purge read(String json) {
        return Purge.of(Json.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void namesAUrlATagAPrefixOrAll() {
        assertThat(read("{\"url\": \"http://a/b?c\"}")).isEqualTo(new Purge(Purge.Kind.URL, "http://a/b?c", false)).hasToString("http://a/b?c");
        assertThat(read("{\"tag\": \"photo-42\", \"soft\": true}")).isEqualTo(new Purge(Purge.Kind.TAG, "photo-42", true)).hasToString("the tag photo-42, softly");
        assertThat(read("{\"prefix\": \"https://a/b/\"}")).hasToString("all below https://a/b/");
        assertThat(read("{\"all\": true}")).hasToString("everything");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"url\": \"/b\"}", "{\"url\": \"ftp://a/b\"}", "{\"url\": 1}", "{\"tag\": \"\"}", "{\"all\": false}", "{\"tag\": \"a\", \"all\": true}", "{\"prefix\": \"http://\"}"})
    void saysHowToWriteWhatItCannotRead(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(BanyanException.class);
    }
}
