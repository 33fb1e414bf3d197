package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.NOON;
import static dev.banyan.http.cache.Messages.asked;
import static dev.banyan.http.cache.Messages.response;
import static dev.banyan.http.cache.Messages.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.Conditions.Answer;
import dev.banyan.http.wire.HeadBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
    private static final String BEFORE = "Sun, 01 Mar 2026 10:59:59 GMT";
    private static final String MODIFIED = "Sun, 01 Mar 2026 11:00:00 GMT";
    private static final String AFTER = "Sun, 01 Mar 2026 11:00:01 GMT";
    private static final long LENGTH = 1000;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "X: y                                                                       | WHOLE",
        "If-None-Match: \"1\"                                                       | NOT_MODIFIED",
        "If-None-Match: W/\"1\"                                                     | NOT_MODIFIED",
        "If-None-Match: \"0\", \"1\", \"2\"                                         | NOT_MODIFIED",
        "If-None-Match: \"0\";;If-None-Match: \"1\"                                 | NOT_MODIFIED",
        "If-None-Match: *                                                           | NOT_MODIFIED",
        "If-None-Match: \"0\"                                                       | WHOLE",
        "If-None-Match: 1                                                           | WHOLE",
        "If-None-Match: \"0\";;If-Modified-Since: Sun, 01 Mar 2026 12:00:00 GMT     | WHOLE",
        "If-None-Match: \"1\";;If-Modified-Since: Sun, 01 Mar 2020 12:00:00 GMT     | NOT_MODIFIED",
        "If-Modified-Since: Sun, 01 Mar 2026 11:00:00 GMT                           | NOT_MODIFIED",
        "If-Modified-Since: Sun, 01 Mar 2026 11:00:01 GMT                           | NOT_MODIFIED",
        "If-Modified-Since: Sunday, 01-Mar-26 11:00:01 GMT                          | NOT_MODIFIED",
        "If-Modified-Since: Sun Mar  1 11:00:01 2026                                | NOT_MODIFIED",
        "If-Modified-Since: Sun, 01 Mar 2026 10:59:59 GMT                           | WHOLE",
        "If-Modified-Since: yesterday                                               | WHOLE",
        "If-Modified-Since: Sun, 01 Mar 2026 11:00:01 GMT;;If-Modified-Since: Sun, 01 Mar 2026 11:00:01 GMT | WHOLE",
        "If-Match: \"1\"                                                            | WHOLE",
        "If-Match: *                                                                | WHOLE",
        "If-Match: W/\"1\"                                                          | PRECONDITION_FAILED",
        "If-Match: \"2\"                                                            | PRECONDITION_FAILED",
        "If-Match: \"1\";;If-None-Match: \"1\"                                      | NOT_MODIFIED",
        "If-Match: \"2\";;If-None-Match: \"1\"                                      | PRECONDITION_FAILED",
        "If-Unmodified-Since: Sun, 01 Mar 2026 11:00:00 GMT                         | WHOLE",
        "If-Unmodified-Since: Sun, 01 Mar 2026 10:59:59 GMT                         | PRECONDITION_FAILED",
        "If-Unmodified-Since: never                                                 | WHOLE",
        "If-Match: \"1\";;If-Unmodified-Since: Sun, 01 Mar 2026 10:59:59 GMT        | WHOLE",
        "Range: bytes=0-4                                                           | PARTIAL",
        "Range: bytes=0-                                                            | PARTIAL",
        "Range: bytes=0-0,500-                                                      | PARTIAL",
        "Range: bytes=1000-                                                         | NOT_SATISFIABLE",
        "Range: rubbish                                                             | WHOLE",
        "Range: bytes=0-4;;Range: bytes=5-9                                         | WHOLE",
        "Range: bytes=0-4;;If-None-Match: \"1\"                                     | NOT_MODIFIED",
        "Range: bytes=0-4;;If-Match: \"2\"                                          | PRECONDITION_FAILED",
        "Range: bytes=0-4;;If-Range: \"1\"                                          | PARTIAL",
        "Range: bytes=0-4;;If-Range: \"2\"                                          | WHOLE",
        "Range: bytes=0-4;;If-Range: W/\"1\"                                        | WHOLE",
        "Range: bytes=9999-;;If-Range: \"2\"                                        | WHOLE",
        "Range: bytes=0-4;;If-Range: Sun, 01 Mar 2026 11:00:00 GMT                  | PARTIAL",
        "Range: bytes=0-4;;If-Range: Sun, 01 Mar 2026 11:00:01 GMT                  | WHOLE",
        "Range: bytes=0-4;;If-Range: \"1\";;If-Range: \"1\"                         | WHOLE",
    })
    void answersByTheClientsConditionsInTheirOrder(String fields, Answer expected) {
        StoredHead stored = stored("ETag: \"1\"", "Last-Modified: " + MODIFIED);
        assertThat(Conditions.of(asked(fields.split(";;")), stored, LENGTH, NOON)).isEqualTo(expected);
    }

    @Test
    void withoutALastModifiedTheDateOnWhichItWasMadeCounts() {
        StoredHead stored = stored("Date: " + MODIFIED);
        assertThat(Conditions.of(asked("If-Modified-Since: " + AFTER), stored, LENGTH, NOON)).isEqualTo(Answer.NOT_MODIFIED);
        assertThat(Conditions.of(asked("If-Modified-Since: " + BEFORE), stored, LENGTH, NOON)).isEqualTo(Answer.WHOLE);
    }

    @Test
    void aWeakTagIsGoodForNotModifiedAndNotForRanges() {
        StoredHead stored = stored("ETag: W/\"1\"");
        assertThat(Conditions.of(asked("If-None-Match: \"1\""), stored, LENGTH, NOON)).isEqualTo(Answer.NOT_MODIFIED);
        assertThat(Conditions.of(asked("If-Match: W/\"1\""), stored, LENGTH, NOON)).isEqualTo(Answer.PRECONDITION_FAILED);
        assertThat(Conditions.of(asked("Range: bytes=0-4", "If-Range: W/\"1\""), stored, LENGTH, NOON)).isEqualTo(Answer.WHOLE);
    }

    @Test
    void aDateOfTheVerySecondDoesNotTellTwoVersionsApart() {
        StoredHead stored = stored("Date: " + MODIFIED, "Last-Modified: " + MODIFIED);
        assertThat(Conditions.of(asked("Range: bytes=0-4", "If-Range: " + MODIFIED), stored, LENGTH, NOON)).isEqualTo(Answer.WHOLE);
    }

    @Test
    void conditionsAndRangesAreForSuccesses() {
        StoredHead missing = ((Storing.Store) new Storing(CacheRules.USUAL).decide(asked(), response(404, "ETag: \"1\""), NOON, NOON)).head();
        assertThat(Conditions.of(asked("If-None-Match: \"1\""), missing, LENGTH, NOON)).isEqualTo(Answer.WHOLE);
        assertThat(Conditions.of(asked("Range: bytes=0-4"), missing, LENGTH, NOON)).isEqualTo(Answer.WHOLE);
    }

    @Test
    void rangesAreForGet() {
        assertThat(Conditions.of(rules("HEAD /a", "Range: bytes=0-4"), stored("ETag: \"1\""), LENGTH, NOON)).isEqualTo(Answer.WHOLE);
    }

    @Test
    void whileTheLengthIsNotKnownAllIsSent() {
        assertThat(Conditions.of(asked("Range: bytes=0-4"), stored("ETag: \"1\""), -1, NOON)).isEqualTo(Answer.WHOLE);
    }

    @Test
    void ofNothingNoRangeCanBeHad() {
        assertThat(Conditions.of(asked("Range: bytes=0-"), stored("ETag: \"1\""), 0, NOON)).isEqualTo(Answer.NOT_SATISFIABLE);
        assertThat(Conditions.of(asked(), stored("ETag: \"1\""), 0, NOON)).isEqualTo(Answer.WHOLE);
    }

    @Test
    void aPartIsAnsweredFromByThePlacesOfTheWhole() {
        StoredHead part = stored("ETag: \"1\"").with(new StoredHead.Part(false, 100, 200, 1000));
        RequestRules request = asked("Range: bytes=150-159");
        assertThat(Conditions.of(request, part, 100, NOON)).isEqualTo(Answer.PARTIAL);
        assertThat(request.ranges().first(0)).isEqualTo(150);
        assertThat(request.ranges().end(0)).isEqualTo(160);
        StoredHead unknown = stored("ETag: \"1\"").with(new StoredHead.Part(false, 100, 200, -1));
        assertThat(Conditions.of(asked("Range: bytes=150-159"), unknown, 100, NOON)).isEqualTo(Answer.PARTIAL);
    }

    @Test
    void severalRangesAreAMessageOfParts() {
        RequestRules request = asked("Range: bytes=0-1,500-501");
        assertThat(Conditions.of(request, stored("ETag: \"1\""), LENGTH, NOON)).isEqualTo(Answer.PARTIAL);
        Multipart multipart = new Multipart("b0undary", "text/plain", LENGTH);
        HeadBuffer out = new HeadBuffer();
        for (int i = 0; i < request.ranges().count(); i++) {
            multipart.head(request.ranges(), i, out);
            out.text("xy");
        }
        multipart.end(out);
        assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII)).isEqualTo("""
                --b0undary
                Content-Type: text/plain
                Content-Range: bytes 0-1/1000

                xy
                --b0undary
                Content-Type: text/plain
                Content-Range: bytes 500-501/1000

                xy
                --b0undary--
                """.replace("\n", "\r\n"));
        assertThat(multipart.bodyLength(request.ranges())).isEqualTo(out.length());
        assertThat(multipart.contentType()).isEqualTo("multipart/byteranges; boundary=b0undary");
    }

    private static StoredHead stored(String... fields) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = "Cache-Control: max-age=99999";
        return ((Storing.Store) new Storing(CacheRules.USUAL).decide(asked(), response(200, all), NOON, NOON)).head();
    }
}
