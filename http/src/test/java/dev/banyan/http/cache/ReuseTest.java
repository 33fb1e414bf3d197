package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.NOON;
import static dev.banyan.http.cache.Messages.asked;
import static dev.banyan.http.cache.Messages.response;
import static dev.banyan.http.cache.Messages.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.Reuse.Act;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReuseTest {
    @ParameterizedTest(name = "{0}, {1} s old, asked with {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // the response's directives                          | age | the request's           | decision
        "max-age=60                                           | 0   | ``                      | FRESH",
        "max-age=60                                           | 59  | ``                      | FRESH",
        "max-age=60                                           | 60  | ``                      | STALE",
        "max-age=60, no-cache                                 | 0   | ``                      | NO_CACHE",
        "max-age=60, no-cache=\"x\"                           | 0   | ``                      | FRESH",
        "max-age=60, must-revalidate                          | 59  | ``                      | FRESH",
        "max-age=60, must-revalidate                          | 60  | ``                      | MUST_REVALIDATE",
        "max-age=60, proxy-revalidate                         | 61  | ``                      | MUST_REVALIDATE",
        "max-age=0, s-maxage=60                               | 59  | ``                      | FRESH",
        "max-age=99, s-maxage=60                              | 61  | ``                      | MUST_REVALIDATE",
        "max-age=60, stale-while-revalidate=30                | 60  | ``                      | STALE_WHILE_REVALIDATE",
        "max-age=60, stale-while-revalidate=30                | 90  | ``                      | STALE_WHILE_REVALIDATE",
        "max-age=60, stale-while-revalidate=30                | 91  | ``                      | STALE",
        "max-age=60, stale-while-revalidate=30, must-revalidate | 61 | ``                     | MUST_REVALIDATE",
        "s-maxage=60, stale-while-revalidate=30               | 61  | ``                      | MUST_REVALIDATE",
        "max-age=60, stale-while-revalidate=30                | 61  | only-if-cached          | STALE_WHILE_REVALIDATE",
        "max-age=60                                           | 61  | max-stale               | CLIENT_TAKES_STALE",
        "max-age=60                                           | 70  | max-stale=10            | CLIENT_TAKES_STALE",
        "max-age=60                                           | 71  | max-stale=10            | STALE",
        "max-age=60, must-revalidate                          | 61  | max-stale               | MUST_REVALIDATE",
        "max-age=60                                           | 1   | max-age=0               | CLIENT_WANTS_YOUNGER",
        "max-age=60                                           | 10  | max-age=10              | FRESH",
        "max-age=60                                           | 11  | max-age=10              | CLIENT_WANTS_YOUNGER",
        "max-age=60                                           | 50  | min-fresh=10            | FRESH",
        "max-age=60                                           | 51  | min-fresh=10            | CLIENT_WANTS_FRESHER",
        "max-age=60                                           | 0   | no-cache                | CLIENT_RELOADS",
        "max-age=60                                           | 0   | no-store                | FRESH",
        "max-age=60                                           | 0   | only-if-cached          | FRESH",
        "max-age=60                                           | 61  | only-if-cached          | ONLY_IF_CACHED",
        "max-age=60                                           | 0   | no-cache, only-if-cached | ONLY_IF_CACHED",
    })
    void decidesByWhatIsSaidOnBothSides(String directives, long age, String wishes, Reuse expected) {
        StoredHead stored = stored("Cache-Control: " + directives, "ETag: \"1\"");
        RequestRules request = wishes.isEmpty() ? asked() : asked("Cache-Control: " + wishes);
        assertThat(Reuse.decide(stored, request, NOON + age * 1000, CacheRules.USUAL)).isEqualTo(expected);
    }

    @Test
    void aSiteMayLeaveWhatClientsWishUnheeded() {
        CacheRules deaf = new CacheRules(CacheRules.Cookies.WITHOUT, 10, 86_400, 60, 0, 60, 60, false);
        for (String wish : new String[] {"no-cache", "max-age=0", "min-fresh=100"}) {
            assertThat(Reuse.decide(stored("Cache-Control: max-age=60"), asked("Cache-Control: " + wish), NOON + 5000, deaf)).as(wish).isEqualTo(Reuse.FRESH);
        }
    }

    @Test
    void pragmaCountsOnlyWhereThereIsNoCacheControl() {
        StoredHead stored = stored("Cache-Control: max-age=60");
        assertThat(Reuse.decide(stored, asked("Pragma: no-cache"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.CLIENT_RELOADS);
        assertThat(Reuse.decide(stored, asked("Pragma: foo"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.FRESH);
        assertThat(Reuse.decide(stored, asked("Pragma: no-cache", "Cache-Control: max-stale"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.FRESH);
    }

    @Test
    void whatIsNotStoredIsFetched_unlessTheClientWantsNothingFromFurtherAway() {
        assertThat(Reuse.missing(asked(), false)).isEqualTo(Reuse.NOTHING_STORED);
        assertThat(Reuse.missing(asked(), true)).isEqualTo(Reuse.OTHER_VARIANTS);
        assertThat(Reuse.missing(asked("Cache-Control: only-if-cached"), false)).isEqualTo(Reuse.ONLY_IF_CACHED);
    }

    @Test
    void whatStoredResponsesDoNotAnswerPassesTheCacheBy() {
        StoredHead stored = stored("Cache-Control: max-age=60");
        assertThat(Reuse.decide(stored, rules("POST /a", "Content-Length: 1"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.OTHER_METHOD);
        assertThat(Reuse.decide(stored, rules("GET /a", "Content-Length: 1"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.WITH_BODY);
        assertThat(Reuse.decide(stored, rules("GET /a", "Connection: upgrade", "Upgrade: websocket"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.UPGRADE);
        assertThat(Reuse.decide(stored, asked("If-Match: \"1\""), NOON, CacheRules.USUAL)).isEqualTo(Reuse.ORIGINS_CONDITION);
        assertThat(Reuse.missing(asked("If-Unmodified-Since: " + Messages.NOON_DATE), false)).isEqualTo(Reuse.ORIGINS_CONDITION);
        assertThat(Reuse.decide(stored, rules("HEAD /a"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.FRESH);
    }

    @ParameterizedTest(name = "bytes 4-8/10 and {0}: {1}")
    @CsvSource({"bytes=4-8,FRESH", "bytes=6-8,FRESH", "bytes=6-,OTHER_BYTES", "bytes=-6,OTHER_BYTES", "bytes=3-5,OTHER_BYTES", "bytes=8-9,OTHER_BYTES", "'',OTHER_BYTES",
        "'bytes=4-4,6-6',OTHER_BYTES", "'bytes=4-4,9-9',OTHER_BYTES"})
    void aPartAnswersForItsOwnBytesOnly(String range, Reuse expected) {
        StoredHead part = part("Content-Range: bytes 4-8/10");
        RequestRules request = range.isEmpty() ? asked() : asked("Range: " + range);
        assertThat(Reuse.decide(part, request, NOON, CacheRules.USUAL)).isEqualTo(expected);
    }

    @Test
    void aPartOfUnknownLengthAnswersForBytesThatAreNamed() {
        StoredHead part = part("Content-Range: bytes 4-8/*");
        assertThat(Reuse.decide(part, asked("Range: bytes=5-8"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.FRESH);
        assertThat(Reuse.decide(part, asked("Range: bytes=5-"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.OTHER_BYTES);
        assertThat(Reuse.decide(part, asked("Range: bytes=-2"), NOON, CacheRules.USUAL)).isEqualTo(Reuse.OTHER_BYTES);
    }

    @ParameterizedTest(name = "{0}, {1} s old, asked with {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "max-age=60                        | 90  | ``                 | STALE_IF_ERROR",
        "max-age=60                        | 120 | ``                 | STALE_IF_ERROR",
        "max-age=60                        | 121 | ``                 | TOO_STALE",
        "max-age=60                        | 121 | stale-if-error=500 | STALE_IF_ERROR",
        "max-age=60, stale-if-error=600    | 660 | ``                 | STALE_IF_ERROR",
        "max-age=60, stale-if-error=600    | 661 | ``                 | TOO_STALE",
        "max-age=60, stale-if-error=0      | 61  | ``                 | TOO_STALE",
        "max-age=60, must-revalidate       | 61  | ``                 | NEVER_STALE",
        "max-age=60, s-maxage=60           | 61  | ``                 | NEVER_STALE",
        "max-age=60, proxy-revalidate      | 61  | stale-if-error=999 | NEVER_STALE",
        "max-age=60, no-cache              | 1   | ``                 | NEVER_STALE",
        "max-age=0                         | 0   | ``                 | TOO_STALE",
        "max-age=60                        | 10  | no-cache           | STALE_IF_ERROR",
        "max-age=0, stale-if-error=9       | 1   | ``                 | STALE_IF_ERROR",
    })
    void whenTheOriginFailsStaleOnesServeWithinTheirLimits(String directives, long age, String wishes, Reuse expected) {
        StoredHead stored = stored("Cache-Control: " + directives, "ETag: \"1\"");
        RequestRules request = wishes.isEmpty() ? asked() : asked("Cache-Control: " + wishes);
        assertThat(Reuse.onError(stored, request, NOON + age * 1000)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1}, in place of a failure {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Cache-Control: max-age=60                                | true  | true",
        "Cache-Control: max-age=60, must-revalidate               | true  | true",
        "Cache-Control: max-age=60, no-cache;;ETag: \"1\"       | false | false",
        "ETag: \"1\"                                            | false | false",
        "Cache-Control: max-age=0, stale-if-error=9               | false | true",
        "Cache-Control: max-age=60;;Age: 60                       | false | true",
    })
    void requestsAreCollapsedOnlyOntoWhatTheyCouldGetUnasked(String fields, boolean collapses, boolean instead) {
        StoredHead fetched = stored(fields.split(";;"));
        assertThat(Reuse.collapses(fetched, false, asked(), NOON)).isEqualTo(collapses);
        assertThat(Reuse.collapses(fetched, true, asked(), NOON)).isEqualTo(instead);
    }

    @Test
    void aSoftPurgeLeavesWhatMustBeValidatedButMayStandIn() {
        StoredHead purged = stored("Cache-Control: max-age=600, stale-while-revalidate=600").stale(NOON + 5000);
        assertThat(Reuse.decide(purged, asked(), NOON + 5000, CacheRules.USUAL)).isEqualTo(Reuse.STALE);
        assertThat(Reuse.onError(purged, asked(), NOON + 6000)).isEqualTo(Reuse.STALE_IF_ERROR);
    }

    @ParameterizedTest
    @EnumSource(Reuse.class)
    void everyDecisionSaysWhyAndByWhatSection(Reuse reuse) {
        assertThat(reuse.words()).isNotBlank().doesNotEndWith(".");
        assertThat(reuse.section()).matches("RFC \\d{4} section \\d+(\\.\\d+)*");
        assertThat(CacheStatus.Forward.of(reuse)).isNotNull();
        assertThat(reuse.act() == Act.SERVE && reuse == Reuse.STALE).isFalse();
    }

    private static StoredHead stored(String... fields) {
        return ((Storing.Store) new Storing(CacheRules.USUAL).decide(asked(), response(200, fields), NOON, NOON)).head();
    }

    private static StoredHead part(String contentRange) {
        Storing.Outcome outcome = new Storing(CacheRules.USUAL)
                .decide(asked("Range: bytes=4-8"), response(206, "Cache-Control: max-age=60", contentRange, "Content-Length: 5"), NOON, NOON);
        return ((Storing.Store) outcome).head();
    }
}
