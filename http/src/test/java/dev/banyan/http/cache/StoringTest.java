package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.NOON;
import static dev.banyan.http.cache.Messages.asked;
import static dev.banyan.http.cache.Messages.response;
import static dev.banyan.http.cache.Messages.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.CacheRules.Cookies;
import dev.banyan.http.cache.StoredHead.Part;
import dev.banyan.http.cache.StoredHead.Source;
import dev.banyan.http.wire.ResponseHead;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoringTest {
    private static final String HOUR_AGO = "Sun, 01 Mar 2026 11:00:00 GMT";
    private static final String IN_A_MINUTE = "Sun, 01 Mar 2026 12:01:00 GMT";

    private final Storing storing = new Storing(CacheRules.USUAL);

    @ParameterizedTest(name = "{0}: {1} s by {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Cache-Control: max-age=60                                                       | 60   | MAX_AGE",
        "Cache-Control: max-age=60, s-maxage=5                                           | 5    | S_MAXAGE",
        "Cache-Control: max-age=60; Expires: 0                                           | 60   | MAX_AGE",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Date: Sun, 01 Mar 2026 12:00:00 GMT     | 60   | EXPIRES",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Date: foo                               | 60   | EXPIRES",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Expires: Sun, 01 Mar 2026 12:00:30 GMT  | 30   | EXPIRES",
        "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Expires: 0; ETag: \"1\"                 | 0    | EXPIRES",
        "Expires: 0; ETag: \"1\"                                                         | 0    | EXPIRES",
        "Last-Modified: Sun, 01 Mar 2026 11:00:00 GMT                                    | 360  | HEURISTIC",
        "Last-Modified: Sun, 01 Mar 2020 11:00:00 GMT                                    | 86400 | HEURISTIC",
        "Last-Modified: Sun, 01 Mar 2026 13:00:00 GMT                                    | 0    | HEURISTIC",
        "ETag: \"1\"                                                                     | 0    | NOTHING",
        "CDN-Cache-Control: max-age=7; Cache-Control: max-age=60, private                | 7    | CDN_CACHE_CONTROL",
        "CDN-Cache-Control: max-age=7, ; Cache-Control: max-age=60                       | 60   | MAX_AGE",
        "CDN-Cache-Control: max-age=7; Surrogate-Control: max-age=8                      | 7    | CDN_CACHE_CONTROL",
        "Surrogate-Control: max-age=8; Cache-Control: no-store                           | 8    | SURROGATE_CONTROL",
        "Surrogate-Control: content=\"ESI/1.0\"; Cache-Control: max-age=9                | 9    | MAX_AGE",
        "CDN-Cache-Control: must-revalidate; Expires: Sun, 01 Mar 2026 12:01:00 GMT; Last-Modified: Sun, 01 Mar 2026 11:00:00 GMT | 360 | HEURISTIC",
        "Cache-Control: max-age=60; Age: abc; ETag: \"1\"                                | 0    | MAX_AGE",
        "Cache-Control: max-age=60; Age: 0, 0; ETag: \"1\"                               | 0    | MAX_AGE",
        "Cache-Control: max-age=60; Age: 0; Age: 0; ETag: \"1\"                          | 0    | MAX_AGE",
    })
    void readsHowLongItIsFresh(String fields, long seconds, Source source) {
        StoredHead.Lifetime lifetime = stored(asked(), response(200, fields.split("; "))).lifetime();
        assertThat(lifetime.fresh()).isEqualTo(seconds);
        assertThat(lifetime.source()).isEqualTo(source);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "GET  | Cache-Control: no-store, max-age=60                                | NO_STORE",
        "GET  | Cache-Control: private, max-age=60                                 | PRIVATE",
        "GET  | CDN-Cache-Control: no-store; Cache-Control: max-age=60             | NO_STORE",
        "GET  | Surrogate-Control: no-store; Cache-Control: max-age=60             | NO_STORE",
        "GET  | Vary: *; Cache-Control: max-age=60                                 | VARIES_BY_EVERYTHING",
        "GET  | Vary: Accept; Vary: , *; Cache-Control: max-age=60                 | VARIES_BY_EVERYTHING",
        "GET  | X: y                                                               | NO_LIFETIME",
        "GET  | Cache-Control: max-age=0                                           | USELESS",
        "GET  | Cache-Control: no-cache                                            | NO_LIFETIME",
        "GET  | Cache-Control: max-age=60, no-cache                                | USELESS",
        "GET  | Cache-Control: max-age=60; Age: 3600                               | USELESS",
        "GET  | Set-Cookie: a=b; ETag: \"1\"                                       | SETS_COOKIE",
        "PUT  | Cache-Control: max-age=60                                          | METHOD",
        "HEAD | Cache-Control: max-age=60                                          | METHOD",
        "POST | Cache-Control: max-age=60                                          | METHOD",
        "POST | Cache-Control: max-age=60; Content-Location: /b                    | METHOD",
        "POST | Content-Location: /a; Last-Modified: Sun, 01 Mar 2026 11:00:00 GMT | METHOD",
    })
    void saysWhyItIsNotStored(String method, String fields, NotStored expected) {
        assertThat(pass(rules(method + " /a"), response(200, fields.split("; "))).why()).isEqualTo(expected);
    }

    @Test
    void anAnswerToPostThatNamesItselfIsWhatAGetWouldGet() {
        for (String self : new String[] {"/a", "a", "http://SHOP.example/a", "https://shop.example:443/x/../a", "//shop.example/a#top", ""}) {
            ResponseHead named = response(200, "Cache-Control: max-age=60", "Content-Location: " + self);
            assertThat(storing.decide(rules("POST /a", "Content-Length: 1"), named, NOON, NOON)).as(self).isInstanceOf(Storing.Store.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 499, 500, 501, 502, 503, 504, 599})
    void anyFinalStatusIsStoredThatSaysHowLongItIsFresh(int status) {
        assertThat(stored(asked(), response(status, "Cache-Control: max-age=60")).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407, 408, 412, 413, 416, 417, 421, 428, 429, 431})
    void whatOneRequestGotWrongIsNobodyElsesAnswer(int status) {
        assertThat(pass(asked(), response(status, "Cache-Control: public, max-age=60"))).isEqualTo(new Storing.Pass(NotStored.REQUESTS_OWN, 0));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"200,true", "201,false", "202,false", "203,true", "204,true", "300,true", "301,true", "302,false", "307,false", "308,true", "403,false", "404,true",
        "405,true", "410,true", "414,true", "501,true", "500,false", "502,false", "503,false", "504,false", "599,false"})
    void lifetimesAreGuessedForSomeStatusesOnly(int status, boolean guessed) {
        assertThat(storing.decide(asked(), response(status, "Last-Modified: " + HOUR_AGO), NOON, NOON) instanceof Storing.Store).isEqualTo(guessed);
        assertThat(stored(asked(), response(status, "Last-Modified: " + HOUR_AGO, "Cache-Control: public")).lifetime().source()).isEqualTo(Source.HEURISTIC);
    }

    @Test
    void errorsAreKeptForAMinuteAtMost_andForMomentsWhereTheySayNothing() {
        assertThat(stored(asked(), response(404, "Cache-Control: max-age=86400")).lifetime().fresh()).isEqualTo(60);
        assertThat(stored(asked(), response(404)).lifetime()).satisfies(lifetime -> {
            assertThat(lifetime.fresh()).isEqualTo(10);
            assertThat(lifetime.source()).isEqualTo(Source.NEGATIVE);
        });
        assertThat(pass(asked(), response(403)).why()).isEqualTo(NotStored.NO_LIFETIME);
        assertThat(pass(asked(), response(500)).why()).isEqualTo(NotStored.FAILURE);
    }

    @Test
    void aPageWhoseLifetimeIsGuessedIsForVisitorsWithoutCookiesAlone_unlessItIsPublic() {
        ResponseHead page = response(200, "Last-Modified: " + HOUR_AGO);
        SelectingFields selecting = new SelectingFields();
        assertThat(pass(asked("Cookie: session=alice"), page)).isEqualTo(new Storing.Pass(NotStored.ONE_VISITORS, 0));
        assertThat(selecting.match(stored(asked(), page).vary(), asked("Cookie: session=bob").head().fields())).isFalse();
        assertThat(selecting.match(stored(asked(), page).vary(), asked().head().fields())).isTrue();
        assertThat(stored(asked("Cookie: session=alice"), response(200, "Last-Modified: " + HOUR_AGO, "Cache-Control: public")).vary()).isEqualTo(StoredHead.Vary.NONE);
    }

    @ParameterizedTest
    @CsvSource({"400,", "403,Cache-Control: no-store", "404,Cache-Control: private", "406,", "500,Cache-Control: no-store"})
    void noErrorIsRememberedAsWhatAUrlAnswers(int status, String field) {
        assertThat(pass(asked(), field == null ? response(status) : response(status, field)).hitForMiss()).isZero();
    }

    @Test
    void anErrorThatSaysNothingIsForVisitorsWithoutCookiesAlone() {
        StoredHead missing = stored(asked(), response(404, "Vary: Foo"));
        SelectingFields selecting = new SelectingFields();
        assertThat(selecting.match(missing.vary(), asked().head().fields())).isTrue();
        assertThat(selecting.match(missing.vary(), asked("Cookie: id=owner").head().fields())).isFalse();
        assertThat(selecting.match(missing.vary(), asked("Foo: 1").head().fields())).isFalse();
        assertThat(pass(asked("Cookie: id=1"), response(404))).isEqualTo(new Storing.Pass(NotStored.ONE_VISITORS, 0));
        assertThat(stored(asked("Cookie: id=1"), response(404, "Cache-Control: max-age=60")).vary()).isEqualTo(StoredHead.Vary.NONE);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', value = {
        "max-age=60 | false", "max-age=60, public | true", "s-maxage=60 | true", "max-age=60, must-revalidate | true", "max-age=60, proxy-revalidate | false",
        "max-age=60, private | false",
    })
    void whatWasAskedForWithCredentialsIsForOthersOnlyIfItSaysSo(String directives, boolean isStored) {
        RequestRules request = asked("Authorization: Basic Zm9vOmJhcg==");
        assertThat(storing.decide(request, response(200, "Cache-Control: " + directives), NOON, NOON) instanceof Storing.Store).isEqualTo(isStored);
    }

    @Test
    void mustUnderstandIsForWhoUnderstands() {
        assertThat(pass(asked(), response(599, "Cache-Control: max-age=60, must-understand")).why()).isEqualTo(NotStored.NOT_UNDERSTOOD);
        assertThat(stored(asked(), response(200, "Cache-Control: max-age=60, must-understand, no-store")).lifetime().noCache()).isFalse();
        assertThat(pass(asked(), response(599, "Cache-Control: max-age=60, must-understand, no-store")).why()).isEqualTo(NotStored.NO_STORE);
    }

    @Test
    void whatTheClientForbidsIsNotStored_andSaysNothingOfTheNext() {
        assertThat(pass(asked("Cache-Control: no-store"), response(200, "Cache-Control: max-age=60"))).isEqualTo(new Storing.Pass(NotStored.CLIENT_FORBIDS, 0));
        assertThat(pass(rules("GET /a", "Content-Length: 1"), response(200, "Cache-Control: max-age=60"))).isEqualTo(new Storing.Pass(NotStored.WITH_BODY, 0));
        assertThat(pass(asked(), response(200, "Cache-Control: private"))).isEqualTo(new Storing.Pass(NotStored.PRIVATE, 60));
    }

    @Test
    void cookiesGoToNobodyElse_unlessTheSiteSaysSo() {
        ResponseHead explicit = response(200, "Cache-Control: max-age=60", "Set-Cookie: session=1", "X: y");
        assertThat(lines(stored(asked(), explicit))).contains("X: y\r\n").doesNotContain("session");
        assertThat(lines(with(Cookies.KEEP, explicit))).contains("Set-Cookie: session=1\r\n");
        assertThat(new Storing(site(Cookies.REFUSE)).decide(asked(), explicit, NOON, NOON)).isEqualTo(new Storing.Pass(NotStored.SETS_COOKIE, 60));
        ResponseHead guessed = response(200, "Last-Modified: " + HOUR_AGO, "Set-Cookie: session=1");
        assertThat(pass(asked(), guessed).why()).isEqualTo(NotStored.SETS_COOKIE);
    }

    @Test
    void keepsWhatIsTheResponses_andNotWhatIsTheHops() {
        ResponseHead head = response(200, "Cache-Control: max-age=60, no-cache=\"X-One\", private=\"X-Two\"", "Connection: X-Three, close", "Keep-Alive: 1", "Age: 1",
                "Content-Length: 5", "Trailer: X-Four", "Proxy-Authenticate: Basic", "Proxy-Authentication-Info: a", "Proxy-Authorization: a", "TE: a", "Upgrade: a",
                "X-One: 1", "x-two: 2", "x-three: 3", "X-Five: 5", "Content-Range: odd", "Date: " + Messages.NOON_DATE, "ETag: \"1\"");
        assertThat(lines(stored(asked(), head))).isEqualTo("Cache-Control: max-age=60, no-cache=\"X-One\", private=\"X-Two\"\r\nX-Five: 5\r\nContent-Range: odd\r\n"
                + "Date: " + Messages.NOON_DATE + "\r\nETag: \"1\"\r\n");
    }

    @Test
    void aResponseWithoutADateGetsTheOneOnWhichItCame() {
        assertThat(lines(stored(asked(), response(200, "Cache-Control: max-age=60")))).contains("Date: " + Messages.NOON_DATE + "\r\n");
        assertThat(lines(stored(asked(), response(200, "Cache-Control: max-age=60", "Date: foo")))).isEqualTo("Cache-Control: max-age=60\r\nDate: " + Messages.NOON_DATE + "\r\n");
    }

    @Test
    void graceIsTheOriginsOrElseTheSites_andNoneForWhatWasNeverFresh() {
        assertThat(stored(asked(), response(200, "Cache-Control: max-age=60")).lifetime().ifError()).isEqualTo(60);
        assertThat(stored(asked(), response(200, "Cache-Control: max-age=60, stale-if-error=5")).lifetime().ifError()).isEqualTo(5);
        assertThat(stored(asked(), response(200, "Cache-Control: max-age=0", "ETag: \"1\"")).lifetime().ifError()).isZero();
        assertThat(stored(asked(), response(200, "ETag: \"1\"")).lifetime().ifError()).isZero();
    }

    @Test
    void aPartIsStoredAsAPart() {
        RequestRules range = asked("Range: bytes=0-4");
        assertThat(stored(range, part("bytes 0-4/10", 5)).range()).isEqualTo(new Part(false, 0, 5, 10));
        assertThat(stored(range, part("bytes 0-4/*", 5)).range()).isEqualTo(new Part(false, 0, 5, -1));
        assertThat(stored(range, part("bytes 0-4/5", 5)).range()).isEqualTo(Part.WHOLE);
        assertThat(stored(range, part("bytes 4-9/10", 5)).range()).as("shorter than it says").isEqualTo(new Part(false, 4, 9, 10));
        assertThat(stored(range, part("bytes 0-4/10", 5)).status()).isEqualTo(200);
        assertThat(lines(stored(range, part("bytes 0-4/10", 5)))).doesNotContain("Content-Range");
    }

    @Test
    void aPartThatDoesNotSayOfWhatIsNotStored() {
        RequestRules range = asked("Range: bytes=0-4");
        assertThat(pass(range, part("bytes 0-4/10", 6)).why()).isEqualTo(NotStored.NO_RANGE);
        assertThat(pass(range, part("bytes */10", 5)).why()).isEqualTo(NotStored.NO_RANGE);
        assertThat(pass(asked(), part("bytes 0-4/10", 5)).why()).as("nobody asked for a part").isEqualTo(NotStored.NO_RANGE);
        ResponseHead several = response(206, "Cache-Control: max-age=60", "Content-Type: multipart/byteranges; boundary=x");
        assertThat(pass(range, several).why()).isEqualTo(NotStored.SEVERAL_RANGES);
    }

    @Test
    void tagsComeFromBothFields() {
        StoredHead head = stored(asked(), response(200, "Cache-Control: max-age=60", "Surrogate-Key: a  b a", "Cache-Tag: c d , e,, b", "Cache-Tag: " + "x".repeat(257)));
        assertThat(head.tags()).containsExactly("a", "b", "c d", "e");
    }

    @ParameterizedTest
    @EnumSource(NotStored.class)
    void everyReasonHasWordsAndASection(NotStored why) {
        assertThat(why.words()).isNotBlank().doesNotEndWith(".");
        assertThat(why.section()).matches("RFC \\d{4} section \\d+(\\.\\d+)*");
    }

    private StoredHead stored(RequestRules request, ResponseHead response) {
        return ((Storing.Store) storing.decide(request, response, NOON, NOON)).head();
    }

    private Storing.Pass pass(RequestRules request, ResponseHead response) {
        return (Storing.Pass) storing.decide(request, response, NOON, NOON);
    }

    private static StoredHead with(Cookies cookies, ResponseHead response) {
        return ((Storing.Store) new Storing(site(cookies)).decide(asked(), response, NOON, NOON)).head();
    }

    private static CacheRules site(Cookies cookies) {
        return new CacheRules(cookies, 10, 86_400, 60, 0, 60, 60, true);
    }

    private static ResponseHead part(String range, int length) {
        return response(206, "Cache-Control: max-age=60", "Content-Range: " + range, "Content-Length: " + length, "Expires: " + IN_A_MINUTE);
    }

    private static String lines(StoredHead head) {
        return new String(head.fields(), StandardCharsets.ISO_8859_1);
    }
}
