package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieJarTest {
    private final Still clock = new Still();
    private final CookieJar jar = new CookieJar(clock);

    /** What several Set-Cookie fields, parted by |, leave in the jar. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', nullValues = "nothing", value = {
        "a=1; Path=/ > a=1",
        "a=1; path=/; HttpOnly; SameSite=Lax; Secure > a=1",
        "banyan-lsn=1A2B3C4D; Path=/; Max-Age=60; HttpOnly; SameSite=Lax > banyan-lsn=1A2B3C4D",
        "a=1; Path=/ | b=2; Path=/ > a=1; b=2",
        "a=1; Path=/ | a=2; Path=/ > a=2",
        "a=1; Path=/ | b=2; Path=/ | a=3; Path=/ > b=2; a=3",
        "a=\"1\"; Path=/ > a=\"1\"",
        "a=; Path=/ > a=",
        "a=b=c; Path=/ > a=b=c",
        "a=1; Path=/ | a=; Path=/; Max-Age=0 > nothing",
        "a=1; Path=/ | a=x; Path=/; Max-Age=-5 > nothing",
        "a=1; Path=/ | a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT > nothing",
        "a=1; Path=/ | a=; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT > nothing",
        "a=1; Path=/; Expires=Fri, 31 Dec 2199 23:59:59 GMT > a=1",
        "a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60 > a=1",
        "b=1; Path=/ | a=; Path=/; Max-Age=0 > b=1"
    })
    void holdsWhatWasSet_replaced_andNotDeleted(String set, String field) {
        for (String each : set.split("\\|")) {
            jar.set(each.strip());
        }
        assertThat(jar.field()).isEqualTo(field == null ? "" : field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "=1; Path=/", ";", "a b=1; Path=/", "a=1 2; Path=/", "a=\u0001; Path=/", "a=\u00e9; Path=/", "a=1,2; Path=/", "a=1", "a=1; Path=/photos"})
    void ignoresWhatIsMalformed_orNotForTheWholeSite(String set) {
        jar.set("kept=1; Path=/");
        jar.set(set);
        assertThat(jar.field()).isEqualTo("kept=1");
    }

    @Test
    void aCookieGoes_whenItsTimeIsOver() {
        jar.set("banyan-lsn=1F; Path=/; Max-Age=60");
        jar.set("stays=1; Path=/");
        clock.nanos = Duration.ofMillis(59_999).toNanos();
        assertThat(jar.field()).isEqualTo("banyan-lsn=1F; stays=1");
        clock.nanos = Duration.ofSeconds(60).toNanos();
        assertThat(jar.field()).isEqualTo("stays=1");
    }

    @Test
    void aCookieOfTheRequestItself_comesFirst_andInsteadOfAKeptOneOfItsName() {
        assertThat(jar.field("photos_session", "t1")).isEqualTo("photos_session=t1");
        jar.set("photos_session=old; Path=/");
        jar.set("a=1; Path=/");
        assertThat(jar.field("photos_session", "t1")).isEqualTo("photos_session=t1; a=1");
    }

    @Test
    void holdsFiftyNames_theLatest() {
        for (int i = 1; i <= CookieJar.MOST_COOKIES + 2; i++) {
            jar.set("c" + i + "=1; Path=/");
        }
        assertThat(jar.field().split("; ")).hasSize(CookieJar.MOST_COOKIES).startsWith("c3=1").endsWith("c52=1");
    }

    @Test
    void holdsFourKibibytes_theLatest() {
        String third = "x".repeat(CookieJar.MOST_TEXT / 3);
        for (String name : List.of("a", "b", "c")) {
            jar.set(name + "=" + third + "; Path=/");
        }
        assertThat(jar.field()).startsWith("b=").contains("; c=").hasSizeLessThanOrEqualTo(CookieJar.MOST_TEXT);
        jar.set("b=1; Path=/");
        jar.set("d=" + third + "; Path=/");
        assertThat(jar.field()).as("what was replaced has made room").startsWith("c=").contains("; b=1; d=");
    }

    @Test
    void oneCookieThatIsTooLong_isAsIfItHadNotCome() {
        jar.set("a=1; Path=/");
        jar.set("a=" + "x".repeat(CookieJar.MOST_TEXT) + "; Path=/");
        assertThat(jar.field()).isEqualTo("a=1");
    }

    @Test
    void takesAllThatAnAnswerSets() {
        jar.keep(new Answer(404, "", "", "", "", CacheStatus.NONE, List.of("a=1; Path=/", "b=2; Path=/"), 0, new byte[0], Optional.empty()));
        assertThat(jar.field()).isEqualTo("a=1; b=2");
    }

    /** A clock that stands until a test moves it. */
    private static final class Still implements Clock {
        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public void sleep(Duration time) {
            throw new UnsupportedOperationException("nobody sleeps here");
        }
    }
}
