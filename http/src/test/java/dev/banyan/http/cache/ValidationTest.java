package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.NOON;
import static dev.banyan.http.cache.Messages.NOON_DATE;
import static dev.banyan.http.cache.Messages.asked;
import static dev.banyan.http.cache.Messages.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {
    private static final String MODIFIED = "Sun, 01 Mar 2026 11:00:00 GMT";
    private static final String LATER_DATE = "Sun, 01 Mar 2026 13:00:00 GMT";
    private static final long LATER = NOON + 3_600_000;

    private final Storing storing = new Storing(CacheRules.USUAL);
    private final Validation validation = new Validation(storing);
    private final FieldEdits edits = new FieldEdits();

    @Test
    void asksByTheTagAndTheDateOfWhatWouldBeUsed_andByTheTagsOfTheOthers() {
        List<StoredHead> stored = List.of(stored("ETag: \"1\"", "Last-Modified: " + MODIFIED), stored("ETag: W/\"2\""), stored("Last-Modified: " + MODIFIED), stored("ETag: \"1\""));
        assertThat(validation.conditional(stored, 0, edits)).isTrue();
        assertThat(written()).isEqualTo("If-None-Match: \"1\", W/\"2\"\r\nIf-Modified-Since: " + MODIFIED + "\r\n");
    }

    @Test
    void asksByTagsAloneWhereNoneMatches() {
        assertThat(validation.conditional(List.of(stored("ETag: \"1\"", "Last-Modified: " + MODIFIED)), -1, edits)).isTrue();
        assertThat(written()).isEqualTo("If-None-Match: \"1\"\r\n");
    }

    @Test
    void whatHasNoValidatorIsAskedForItself() {
        assertThat(validation.conditional(List.of(stored("X: y")), 0, edits)).isFalse();
        assertThat(written()).isEmpty();
    }

    @Test
    void theClientsConditionsDoNotGoOn() {
        Validation.unconditional(edits, true);
        RequestRules request = asked("If-Match: a", "If-None-Match: a", "If-Modified-Since: a", "If-Unmodified-Since: a", "If-Range: a", "Range: a", "If-Other: a");
        assertThat(edits.removes(request.head().fields(), 0)).as("Host").isFalse();
        for (int i = 1; i < 7; i++) {
            assertThat(edits.removes(request.head().fields(), i)).as(request.head().fields().value(i)).isTrue();
        }
        assertThat(edits.removes(request.head().fields(), 7)).isFalse();
    }

    @Test
    void aPartIsAskedAboutAsAPart() {
        StoredHead part = stored("ETag: \"1\"").with(new StoredHead.Part(false, 0, 5, 10));
        validation.conditional(List.of(part), 0, edits);
        assertThat(edits.removes(asked("Range: bytes=0-4").head().fields(), 1)).isFalse();
        edits.clear();
        validation.conditional(List.of(part, stored("ETag: \"2\"")), 1, edits);
        assertThat(written()).as("a 304 for the part would say nothing of the whole").isEqualTo("If-None-Match: \"2\"\r\n");
    }

    @ParameterizedTest(name = "stored \"1\", W/\"2\" and one of 11:00, asked about {0}; 304 with {1} confirms {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "0  | ETag: \"1\"                                  | 0",
        "1  | ETag: \"1\"                                  | 0",
        "0  | ETag: W/\"2\"                                | 1",
        "0  | ETag: W/\"1\"                                | 0",
        "0  | ETag: \"2\"                                  | -1",
        "0  | ETag: \"9\"                                  | -1",
        "0  | X: y                                         | 0",
        "-1 | X: y                                         | -1",
        "2  | Last-Modified: Sun, 01 Mar 2026 11:00:00 GMT | 2",
        "2  | Last-Modified: Sun, 01 Mar 2026 11:00:01 GMT | -1",
        "0  | Last-Modified: Sun, 01 Mar 2026 11:00:01 GMT | 0",
    })
    void a304ConfirmsWhatHasItsValidator(int chosen, String field, int expected) {
        List<StoredHead> stored = List.of(stored("ETag: \"1\""), stored("ETag: W/\"2\""), stored("Last-Modified: " + MODIFIED));
        assertThat(Validation.confirmed(stored, chosen, response(304, field), NOON).orElse(-1)).isEqualTo(expected);
    }

    @Test
    void aMergeReplacesFieldsByNameAndKeepsWhatTheContentDependsOn() {
        StoredHead stored = stored("ETag: \"1\"", "X-A: 1", "x-b: 1", "X-B: 2", "Content-Type: a/a", "Content-Encoding: gzip", "Content-MD5: a", "Content-Digest: a", "Content-Range: a");
        ResponseHead answer = response(304, "Date: " + LATER_DATE, "Cache-Control: max-age=7", "X-b: 3", "Content-Type: b/b", "Content-Encoding: br", "Content-MD5: b",
                "Content-Digest: b", "Content-Range: b", "Content-Length: 99", "ETag: \"1\"", "Connection: X-C", "X-C: 1", "Set-Cookie: a=b", "X-D: 1");
        StoredHead merged = validation.merge(asked(), stored, answer, LATER, LATER);
        assertThat(lines(merged).split("\r\n")).containsExactlyInAnyOrder("X-A: 1", "X-b: 3", "Content-Type: b/b", "Content-Encoding: gzip", "Content-MD5: a", "Content-Digest: a",
                "Content-Range: a", "ETag: \"1\"", "Date: " + LATER_DATE, "Cache-Control: max-age=7", "X-D: 1");
        assertThat(merged.left(LATER)).isEqualTo(7);
        assertThat(merged.dateMillis()).isEqualTo(LATER);
    }

    @Test
    void a304WithoutADateWasMadeWhenItCame() {
        StoredHead merged = validation.merge(asked(), stored("ETag: \"1\"", "Date: " + NOON_DATE), response(304), LATER, LATER);
        assertThat(merged.age(LATER)).isZero();
        assertThat(lines(merged)).contains("Date: " + LATER_DATE).doesNotContain(NOON_DATE);
    }

    @Test
    void itsOwnAgeCounts() {
        StoredHead merged = validation.merge(asked(), stored("ETag: \"1\""), response(304, "Age: 30"), LATER, LATER);
        assertThat(merged.age(LATER)).isEqualTo(30);
        assertThat(merged.left(LATER)).isEqualTo(30);
    }

    @Test
    void a304ThatForbidsStoringLeavesWhatIsNeverUsedWithoutValidation() {
        for (String directive : new String[] {"no-store", "private", "no-cache"}) {
            StoredHead merged = validation.merge(asked(), stored("ETag: \"1\""), response(304, "Cache-Control: max-age=60, " + directive), LATER, LATER);
            assertThat(merged.lifetime().noCache()).as(directive).isTrue();
        }
        assertThat(validation.merge(asked(), stored("ETag: \"1\""), response(304, "Vary: *"), LATER, LATER).lifetime().noCache()).isTrue();
    }

    @Test
    void whatAnotherRequestConfirmedAnswersRequestsLikeThatOne() {
        StoredHead stored = ((Storing.Store) storing.decide(asked("Foo: 1"), response(200, "Cache-Control: max-age=60", "ETag: \"1\"", "Vary: Foo"), NOON, NOON)).head();
        StoredHead merged = validation.merge(asked("Foo: 2"), stored, response(304, "ETag: \"1\""), LATER, LATER);
        assertThat(merged.vary().values()).containsExactly("2");
        assertThat(stored.vary().values()).containsExactly("1");
    }

    @ParameterizedTest(name = "a HEAD with {0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "X: y                                                             | true",
        "ETag: \"1\"                                                      | true",
        "ETag: \"1\";;Content-Length: 5                                   | true",
        "Last-Modified: Sun, 01 Mar 2026 11:00:00 GMT                     | true",
        "ETag: \"2\"                                                      | false",
        "ETag: W/\"1\"                                                    | false",
        "Content-Length: 6                                                | false",
        "ETag: \"1\";;Last-Modified: Sun, 01 Mar 2026 11:00:01 GMT        | false",
    })
    void aHeadFreshensTheSameRepresentation(String fields, boolean same) {
        StoredHead stored = stored("ETag: \"1\"", "Last-Modified: " + MODIFIED);
        assertThat(validation.freshen(asked(), stored, 5, response(200, fields.split(";;")), LATER, LATER).isPresent()).isEqualTo(same);
        assertThat(validation.freshen(asked(), stored, 5, response(404), LATER, LATER)).isEmpty();
    }

    @Test
    void partsOfOneVersionAreJoinedWhereTheyMeet() {
        StoredHead.Part first = new StoredHead.Part(false, 0, 5, 10);
        assertThat(Parts.joined(first, new StoredHead.Part(false, 5, 10, 10))).contains(StoredHead.Part.WHOLE);
        assertThat(Parts.joined(first, new StoredHead.Part(false, 5, 10, -1))).contains(StoredHead.Part.WHOLE);
        assertThat(Parts.joined(new StoredHead.Part(false, 3, 7, -1), first)).contains(new StoredHead.Part(false, 0, 7, 10));
        assertThat(Parts.joined(first, new StoredHead.Part(false, 6, 10, 10))).isEmpty();
        StoredHead part = stored("ETag: \"1\"").with(first);
        assertThat(Parts.alike(part, stored("ETag: \"1\"").with(first))).isTrue();
        assertThat(Parts.alike(part, stored("ETag: \"2\"").with(first))).isFalse();
        assertThat(Parts.alike(part, part.with(new StoredHead.Part(false, 5, 10, 11)))).isFalse();
        assertThat(Parts.alike(stored("ETag: W/\"1\""), stored("ETag: W/\"1\""))).isFalse();
    }

    @Test
    void theRestOfAPartIsAskedForOnlyWhereItCanBeTold() {
        StoredHead part = stored("ETag: \"1\"").with(new StoredHead.Part(false, 0, 5, 10));
        assertThat(Parts.askForRest(part, edits)).isTrue();
        assertThat(written()).isEqualTo("Range: bytes=5-\r\nIf-Range: \"1\"\r\n");
        assertThat(Parts.askForRest(stored("X: y").with(part.range()), new FieldEdits())).isFalse();
        assertThat(Parts.askForRest(part.with(new StoredHead.Part(false, 1, 5, 10)), new FieldEdits())).isFalse();
    }

    private StoredHead stored(String... fields) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = "Cache-Control: max-age=60";
        return ((Storing.Store) storing.decide(asked(), response(200, all), NOON, NOON)).head();
    }

    private String written() {
        HeadBuffer out = new HeadBuffer();
        edits.write(out);
        return new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
    }

    private static String lines(StoredHead head) {
        return new String(head.fields(), StandardCharsets.ISO_8859_1);
    }
}
