package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes, search words, redirects, origins, numbers and times. */
final class SmallPiecesTest {
    private final Routes routes = new Routes().add("GET /photos/{id}", exchange -> Answer.empty(200)).add("DELETE /photos/{id}", exchange -> Answer.empty(204));

    @Test
    void routesFindTheActionAndThePartsOfThePath() {
        assertThat(routes.match("GET", "/photos/7")).isInstanceOfSatisfying(Routes.Match.Found.class, it -> assertThat(it.path()).isEqualTo(Map.of("id", "7")));
        assertThat(routes.match("HEAD", "/photos/7")).isInstanceOf(Routes.Match.Found.class);
    }

    @Test
    void routesTellWhichMethodsAPathTakes() {
        assertThat(routes.match("POST", "/photos/7")).isEqualTo(new Routes.Match.OtherMethods(Set.of("GET", "DELETE")));
        assertThat(routes.match("GET", "/photos/")).isEqualTo(new Routes.Match.Unknown());
        assertThat(routes.match("GET", "/photos/7/x")).isEqualTo(new Routes.Match.Unknown());
    }

    @Test
    void searchKeepsWordsOnly() {
        assertThat(SearchQuery.of("golden  hour")).isEqualTo("'golden' & 'hour'");
        assertThat(SearchQuery.of("über-café")).isEqualTo("'über' & 'café'");
        assertThat(SearchQuery.of("a & !b | (c:*)")).isEqualTo("'a' & 'b' & 'c'");
        assertThat(SearchQuery.of("');--")).isEmpty();
        assertThat(SearchQuery.of("w ".repeat(50)).split("&")).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "https://evil.example", "/\\evil.example", "", "photos/1", "/a\nb"})
    void redirectsNeverLeaveTheSite(String wanted) {
        assertThat(PageActions.localPath(wanted)).isEqualTo("/");
        assertThat(PageActions.localPath(null)).isEqualTo("/");
        assertThat(PageActions.localPath("/search?q=sea&before=7")).isEqualTo("/search?q=sea&before=7");
    }

    @Test
    void anOriginIsOursWhenItNamesOurHost() {
        assertThat(Origin.matches("http://photos.example:8080", "photos.example:8080")).isTrue();
        assertThat(Origin.matches("https://evil.example", "photos.example")).isFalse();
        assertThat(Origin.matches("null", "photos.example")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "999,999", "1000,1k", "1234,1.2k", "34567,34k", "1200000,1.2M"})
    void numbersAreShort(long number, String text) {
        assertThat(PhotoLists.count(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT5S,just now", "PT61S,1 min ago", "PT3H,3 h ago", "P1D,1 day ago", "P6D,6 days ago", "P30D,2 May 2026"})
    void timesAreAsPeopleSayThem(Duration past, String text) {
        Instant now = Instant.parse("2026-06-01T12:00:00Z");
        assertThat(Ago.text(now.minus(past), now)).isEqualTo(text);
    }

    @Test
    void textIsCheckedBeforeItIsStored() {
        assertThat(Input.line("The title", "  two\nlines\u0000 ", 20)).isEqualTo("two lines");
        assertThat(Input.text("A comment", "two\r\nlines", 20)).isEqualTo("two\nlines");
        assertThatThrownBy(() -> Input.line("The title", "   ", 20)).isInstanceOf(Problem.class).hasMessageContaining("not 0");
        assertThatThrownBy(() -> Input.line("The title", "x".repeat(21), 20)).isInstanceOf(Problem.class).hasMessageContaining("not 21");
        assertThatThrownBy(() -> Input.line("The title", "\ud83d", 20)).isInstanceOf(Problem.class).hasMessageContaining("surrogate");
        assertThat(Input.line("The title", "\ud83c\udf33", 1)).isEqualTo("🌳");
        assertThatThrownBy(() -> Input.key("two words")).isInstanceOf(Problem.class);
    }
}
