package dev.banyan.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheControlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "max-age=3600                                | 3600",
        "MaX-aGe=3600                                | 3600",
        "foobar, max-age=3600                        | 3600",
        ",, ,max-age=3600,,                          | 3600",
        "max-age=003600                              | 3600",
        "max-age=\"3600\"                            | 3600",
        "max-age=2147483647                          | 2147483647",
        "max-age=2147483649                          | 2147483648",
        "max-age=99999999999999999999999999999999999 | 2147483648",
        "extension=\"max-age=3600\", max-age=1       | 1",
        "max-age=1, extension=\"max-age=3600\"       | 1",
        "extension=\"a\\\", max-age=9\", max-age=2   | 2",
        "extension=\"never closed, max-age=7         | 7",
        "extension=a\"b, max-age=7                   | 7",
        "max-age=3600, max-age=1800                  | 1800",
        "max-age=1, max-age=1800                     | 1",
        "max-age=1800, max-age=a                     | 0",
        "max-age                                     | 0",
        "max-age=                                    | 0",
        "max-age=\"\"                                | 0",
        "max-age='3600'                              | 0",
        "max-age=-3600                               | 0",
        "max-age=+3600                               | 0",
        "max-age=3600.0                              | 0",
        "max-age=3600s                               | 0",
        "max-age =3600                               | 0",
        "max-age= 3600                               | 0",
        "max-age=3600;x                              | 0",
        "max-ages=3600                               | -1",
        "xmax-age=3600                               | -1",
        "no-store                                    | -1",
    })
    void aLifetimeIsReadAsTheShortestThatItCanMean(String text, long expected) {
        assertThat(read(text).maxAge()).isEqualTo(expected);
    }

    @Test
    void linesAreOneList() {
        CacheControl control = read("s-maxage=10, public", "no-cache", "s-maxage=5");
        assertThat(control.sMaxAge()).isEqualTo(5);
        assertThat(control.isPublic()).isTrue();
        assertThat(control.noCache()).isTrue();
    }

    @Test
    void readsEveryDirective() {
        CacheControl control = read("no-store, private, must-revalidate, proxy-revalidate, must-understand, no-transform, only-if-cached, immutable, "
                + "stale-while-revalidate=1, stale-if-error=2, min-fresh=3, max-stale=4");
        assertThat(control.noStore()).isTrue();
        assertThat(control.isPrivate()).isTrue();
        assertThat(control.mustRevalidate()).isTrue();
        assertThat(control.proxyRevalidate()).isTrue();
        assertThat(control.mustUnderstand()).isTrue();
        assertThat(control.noTransform()).isTrue();
        assertThat(control.onlyIfCached()).isTrue();
        assertThat(control.immutable()).isTrue();
        assertThat(control.isPublic()).isFalse();
        assertThat(control.noCache()).isFalse();
        assertThat(control.staleWhileRevalidate()).isEqualTo(1);
        assertThat(control.staleIfError()).isEqualTo(2);
        assertThat(control.minFresh()).isEqualTo(3);
        assertThat(control.maxStale()).isEqualTo(4);
    }

    @Test
    void maxStaleWithoutANumberIsAnyAge_andOneThatIsNoneIsNotStaleAtAll() {
        assertThat(read("max-stale").maxStale()).isEqualTo(CacheControl.MOST_SECONDS);
        assertThat(read("max-stale=x").maxStale()).isZero();
        assertThat(read("max-stale, max-stale=5").maxStale()).isEqualTo(5);
        assertThat(read("min-fresh=x").minFresh()).isEqualTo(CacheControl.MOST_SECONDS);
        assertThat(read("min-fresh=3, min-fresh=9").minFresh()).isEqualTo(9);
    }

    @Test
    void fieldNamesNarrowNoCacheAndPrivate() {
        CacheControl control = read("no-cache=\"Set-Cookie, X-One\", private=X-Two");
        assertThat(control.noCache()).isFalse();
        assertThat(control.isPrivate()).isFalse();
        assertThat(control.noCacheFields()).containsExactly("set-cookie", "x-one");
        assertThat(control.privateFields()).containsExactly("x-two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "no-cache=", "no-cache=\"\"", "no-cache=\", ,\"", "no-cache=\"a b\"", "no-cache=\"(\"", "no-cache=\"a\", no-cache", "NO-CACHE=x/y"})
    void namesThatAreNoneLeaveTheWholeResponseForbidden(String text) {
        assertThat(read(text).noCache()).isTrue();
    }

    @Test
    void moreNamesThanAnyoneMeansForbidTheWhole() {
        assertThat(read("private=\"" + "a,".repeat(33) + "\"").isPrivate()).isTrue();
        assertThat(read("private=\"" + "a,".repeat(32) + "\"").isPrivate()).isFalse();
    }

    @Test
    void theNextMessageBeginsAnew() {
        CacheControl control = read("no-store, max-age=1, private=\"x\"");
        assertThat(control.present()).isTrue();
        control.clear();
        assertThat(control.present()).isFalse();
        assertThat(control.noStore()).isFalse();
        assertThat(control.maxAge()).isEqualTo(CacheControl.NONE);
        assertThat(control.privateFields()).isEmpty();
    }

    @Property
    void moreDirectivesNeverMakeALifetimeLonger(@ForAll String first, @ForAll String more) {
        long alone = read("max-age=60", first).maxAge();
        long together = read("max-age=60", first, more).maxAge();
        assertThat(alone).isBetween(0L, 60L);
        assertThat(together).isBetween(0L, alone);
    }

    private static CacheControl read(String... lines) {
        CacheControl control = new CacheControl();
        for (String line : lines) {
            byte[] bytes = ("##" + line + "##").getBytes(StandardCharsets.ISO_8859_1);
            control.read(bytes, 2, bytes.length - 2);
        }
        return control;
    }
}
