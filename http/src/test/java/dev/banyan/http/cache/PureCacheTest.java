package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.NOON;
import static dev.banyan.http.cache.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.PureCache.Answer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whole lives of stored responses, by the decisions alone: what is asked, what the origin sees, what the client gets. */
class PureCacheTest {
    private final List<RequestHead> seen = new ArrayList<>();
    private Optional<Answer> next = Optional.empty();
    private final PureCache cache = new PureCache(CacheRules.USUAL, head -> {
        seen.add(head);
        return next;
    });

    @Test
    void aResponseIsFetchedOnce_servedWithItsAge_andValidatedWhenItIsStale() {
        says(200, "one", "Cache-Control: max-age=60", "ETag: \"1\"");
        assertThat(get().body()).isEqualTo("one");
        after(10);
        Answer hit = get();
        assertThat(hit.field("Age")).isEqualTo("10");
        assertThat(hit.field("Cache-Status")).isEqualTo("edge-1; hit; ttl=50");
        after(50);
        says(304, "", "ETag: \"1\"", "X-New: 1");
        Answer validated = get();
        assertThat(validated.body()).isEqualTo("one");
        assertThat(validated.field("X-New")).isEqualTo("1");
        assertThat(validated.field("Cache-Status")).isEqualTo("edge-1; fwd=stale; ttl=60");
        assertThat(sent("If-None-Match")).isEqualTo("\"1\"");
        assertThat(seen).hasSize(2);
    }

    @Test
    void aClientThatHasItGets304_thoughTheOriginWasAskedForAll() {
        says(200, "one", "Cache-Control: max-age=60", "ETag: \"1\"");
        assertThat(get("If-None-Match: \"1\"").status()).isEqualTo(304);
        assertThat(sent("If-None-Match")).as("the cache wants it all").isEmpty();
        assertThat(get().body()).isEqualTo("one");
        assertThat(seen).hasSize(1);
    }

    @Test
    void staleOnesStandInWhileTheOriginFails_andNoLonger() {
        says(200, "one", "Cache-Control: max-age=60, stale-if-error=30");
        get();
        after(80);
        next = Optional.empty();
        assertThat(get().body()).isEqualTo("one");
        says(503, "down");
        assertThat(get().body()).isEqualTo("one");
        after(20);
        assertThat(get().body()).isEqualTo("down");
    }

    @Test
    void aStaleOneIsUsedWhileANewOneIsFetched() {
        says(200, "one", "Cache-Control: max-age=60, stale-while-revalidate=30");
        get();
        after(70);
        says(200, "two", "Cache-Control: max-age=60");
        assertThat(get().body()).isEqualTo("one");
        assertThat(get().body()).isEqualTo("two");
        assertThat(seen).hasSize(2);
    }

    @Test
    void everyVariantIsStored_andAskedAboutForANewOne() {
        says(200, "one", "Cache-Control: max-age=60", "Vary: Foo", "ETag: \"1\"");
        get("Foo: 1");
        says(200, "two", "Cache-Control: max-age=60", "Vary: Foo", "ETag: \"2\"");
        assertThat(get("Foo: 2").body()).isEqualTo("two");
        assertThat(sent("If-None-Match")).isEqualTo("\"1\"");
        assertThat(get("Foo: 1").body()).isEqualTo("one");
        assertThat(seen).hasSize(2);
    }

    @Test
    void whatAnAnswerToPostChangesIsFetchedAnew() {
        says(200, "one", "Cache-Control: max-age=60");
        get();
        says(204, "");
        cache.answer(request("POST /a"));
        says(200, "two", "Cache-Control: max-age=60");
        assertThat(get().body()).isEqualTo("two");
    }

    @Test
    void rangesAreCutFromTheWhole() {
        says(200, "0123456789", "Cache-Control: max-age=60");
        get();
        Answer part = get("Range: bytes=-3");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("789");
        assertThat(part.field("Content-Range")).isEqualTo("bytes 7-9/10");
        assertThat(seen).hasSize(1);
    }

    @Test
    void anotherUsersPageIsNeverServed() {
        for (String fields : new String[] {"Cache-Control: private, max-age=60", "Cache-Control: no-store", "X: y", "Set-Cookie: id=1", "Vary: *", "Cache-Control: no-cache", "ETag: \"1\"",
            "Cache-Control: max-age=0", "CDN-Cache-Control: no-store", "Cache-Control: max-age=60, no-cache"}) {
            PureCache edge = new PureCache(CacheRules.USUAL, head -> {
                seen.add(head);
                return next;
            });
            says(200, "for Ada", fields);
            edge.answer(request("GET /me", "Cookie: id=ada"));
            says(200, "for Bob", fields.replace("\"1\"", "\"2\""));
            assertThat(edge.answer(request("GET /me", "Cookie: id=bob")).body()).as(fields).isEqualTo("for Bob");
            next = Optional.empty();
            assertThat(edge.answer(request("GET /me", "Cookie: id=eve")).status()).as(fields + ", with the origin down").isEqualTo(504);
        }
    }

    @Test
    void aBodyOfAGetNeverFillsWhatOthersRead() {
        says(200, "poison", "Cache-Control: max-age=60");
        cache.answer(request("GET /a", "Content-Length: 6"));
        says(200, "good", "Cache-Control: max-age=60");
        assertThat(get().body()).isEqualTo("good");
    }

    @Test
    void aHeadIsAnsweredFromAGet_andFreshensIt() {
        says(200, "one", "Cache-Control: max-age=60", "ETag: \"1\"");
        get();
        after(61);
        says(200, "", "Cache-Control: max-age=600", "ETag: \"1\"");
        cache.answer(request("HEAD /a"));
        assertThat(seen.getLast().method()).isEqualTo(Method.HEAD);
        after(61);
        assertThat(get().body()).isEqualTo("one");
        assertThat(seen).hasSize(2);
    }

    private void says(int status, String body, String... fields) {
        next = Optional.of(Answer.of(status, body, fields));
    }

    private Answer get(String... fields) {
        String[] lines = new String[fields.length + 1];
        lines[0] = "GET /a";
        System.arraycopy(fields, 0, lines, 1, fields.length);
        return cache.answer(request(lines));
    }

    private void after(long seconds) {
        cache.nowMillis += seconds * 1000;
        assertThat(cache.nowMillis).isGreaterThan(NOON);
    }

    private String sent(String name) {
        int field = seen.getLast().fields().find(name.toLowerCase(java.util.Locale.ROOT).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return field < 0 ? "" : seen.getLast().fields().value(field);
    }
}
