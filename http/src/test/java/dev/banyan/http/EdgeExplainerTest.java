package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.CacheRules;
import dev.banyan.http.cache.Content;
import dev.banyan.http.cache.Purge;
import dev.banyan.http.cache.RequestRules;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.http.cache.Storing;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.topology.Edge;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a request at an edge, situation by situation: what is stored, how old it is, what is asked, what is decided and by which section. */
class EdgeExplainerTest {
    private static final long NOON = 1_700_000_000_000L;
    private static final CacheKey KEY = new CacheKey("http://h/a".getBytes(StandardCharsets.US_ASCII));

    private final ResponseStore store = ResponseStore.inMemory(ResponseStore.Settings.of(16 << 20, 1 << 20, Edge.Eviction.S3_FIFO));

    @AfterEach
    void letGo() {
        store.close();
    }

    private static List<FieldLine> lines(String fields) {
        return fields == null ? List.of() : Stream.of(fields.split("; ")).map(line -> new FieldLine(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip())).toList();
    }

    private static Inquiry inquiry(String method, String fields) {
        return Inquiry.of(method, "http://h/a", lines(fields), "127.0.0.1", "localhost:8080", Set.of());
    }

    /** Stores "0123456789" with these fields, for a request with those. */
    private void store(String fields, String asked) {
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n");
        lines(fields).forEach(line -> text.append(line.name()).append(": ").append(line.value()).append("\r\n"));
        byte[] bytes = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ResponseHead head = new ResponseHead();
        head.read(bytes, 0, bytes.length, 100);
        RequestRules request = new RequestRules();
        request.read(inquiry("GET", asked).head());
        Storing.Store stored = (Storing.Store) new Storing(CacheRules.USUAL).decide(request, head, NOON, NOON);
        Content content = store.fill(10);
        content.add(Unpooled.copiedBuffer("0123456789", StandardCharsets.US_ASCII));
        content.complete();
        store.put(KEY, stored.head(), content, store.epoch());
        content.release();
    }

    private EdgeExplanation explain(String method, String fields, boolean fetching, int seconds) {
        return new EdgeExplainer("edge-1", CacheRules.USUAL, inquiry(method, fields), NOON + seconds * 1000L).explain(KEY.toString(), store.peek(KEY), fetching);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // what is stored, its age, method, the request's fields, a fetch under way -> decision, its section, what is done, what is sent
        "|0|GET||false|NOTHING_STORED|RFC 9111 section 4|asks for it, for all who wait|",
        "|0|GET|If-None-Match: \"x\"|false|NOTHING_STORED|RFC 9111 section 4|asks for it, for all who wait|without If-None-Match",
        "|0|GET||true|NOTHING_STORED|RFC 9111 section 4|waits for the fetch that is under way, and asks nothing itself|",
        "|0|GET|Authorization: Basic YTpiYg==|true|NOTHING_STORED|RFC 9111 section 4|asks for it, for this client alone|",
        "|0|HEAD||false|NOTHING_STORED|RFC 9111 section 4|sends it on, past the cache: a HEAD's answer has no content to store|",
        "|0|POST||false|OTHER_METHOD|RFC 9111 section 4|sends it on, past the cache|",
        "|0|GET|Cache-Control: only-if-cached|false|ONLY_IF_CACHED|RFC 9111 section 5.2.1.7|answers 504: nothing stored answers this request, and it wants no other (only-if-cached)|",
        "|0|GET|X-Original-URL: /admin|false|REWRITTEN|RFC 9111 section 2|sends it on, past the cache|",
        "Cache-Control: max-age=60|10|GET||false|FRESH|RFC 9111 section 4.2|answers 200 from what is stored|",
        "Cache-Control: max-age=60|10|HEAD||false|FRESH|RFC 9111 section 4.2|answers 200 from what is stored|",
        "Cache-Control: max-age=60; ETag: \"1\"|10|GET|If-None-Match: \"1\"|false|FRESH|RFC 9111 section 4.2|answers 304: the client has it (RFC 9110 section 13.2.2)|",
        "Cache-Control: max-age=60|10|GET|Range: bytes=2-3|false|FRESH|RFC 9111 section 4.2|answers 206 from what is stored, the bytes that are asked for|",
        "Cache-Control: max-age=60|10|GET|Range: bytes=20-|false|FRESH|RFC 9111 section 4.2|answers 416: there are no such bytes (RFC 9110 section 14.2)|",
        "Cache-Control: max-age=60; ETag: \"1\"|10|GET|Cache-Control: no-cache|false|CLIENT_RELOADS|RFC 9111 section 5.2.1.4|asks whether it still holds, for all who wait|If-None-Match: \"1\"",
        "Cache-Control: max-age=60; ETag: \"1\"|10|GET|Cache-Control: max-age=5|false|CLIENT_WANTS_YOUNGER|RFC 9111 section 5.2.1.1|asks whether it still holds, for all who wait|If-None-Match: \"1\"",
        "Cache-Control: max-age=60; ETag: \"1\"|70|GET|If-None-Match: \"0\"|false|STALE|RFC 9111 section 4.2|asks whether it still holds, for all who wait|If-None-Match: \"1\"; without If-None-Match",
        "Cache-Control: max-age=60; ETag: \"1\"|70|GET||true|STALE|RFC 9111 section 4.2|waits for the fetch that is under way, and asks nothing itself|",
        "Cache-Control: max-age=60|70|GET|Cache-Control: max-stale|false|CLIENT_TAKES_STALE|RFC 9111 section 5.2.1.2|answers 200 from what is stored|",
        "Cache-Control: max-age=60, must-revalidate; ETag: \"1\"|70|GET||false|MUST_REVALIDATE|RFC 9111 section 5.2.2.2|asks whether it still holds, for all who wait|If-None-Match: \"1\"",
        "Cache-Control: max-age=60, no-cache; ETag: \"1\"|1|GET||true|NO_CACHE|RFC 9111 section 5.2.2.4|asks whether it still holds, for this client alone|If-None-Match: \"1\"",
        "Cache-Control: max-age=60, stale-while-revalidate=30; ETag: \"1\"|70|GET||false|STALE_WHILE_REVALIDATE|RFC 5861 section 3|answers 200 from what is stored, and has it validated behind that|If-None-Match: \"1\"",
        "Cache-Control: max-age=60, stale-while-revalidate=30; ETag: \"1\"|70|GET||true|STALE_WHILE_REVALIDATE|RFC 5861 section 3|answers 200 from what is stored, while a fetch is under way|",
        "Cache-Control: max-age=60; Vary: Accept-Language|10|GET|Accept-Language: de|false|OTHER_VARIANTS|RFC 9111 section 4.1|asks for it, for all who wait|",
        "Cache-Control: max-age=60|70|GET|Range: bytes=2-3|false|STALE|RFC 9111 section 4.2|asks for it, for this client alone|",
    })
    void saysWhatIsDecidedByWhichSectionAndWhatIsDone(String stored, int seconds, String method, String fields, boolean fetching, String decision, String section, String does, String sends) {
        if (stored != null) {
            store(stored, null);
        }
        EdgeExplanation said = explain(method, fields, fetching, seconds);
        assertThat(said.decision().name()).isEqualTo(decision);
        assertThat(said.decision().section()).isEqualTo(section);
        assertThat(said.does()).isEqualTo(does);
        assertThat(String.join("; ", said.sends())).isEqualTo(sends == null ? "" : sends);
        assertThat(said.goesOn()).isEqualTo(!said.sends().isEmpty() || does.startsWith("asks") || does.startsWith("sends"));
    }

    @Test
    void saysWhatIsStored_theVariantThatAnswersAndTheOthers() {
        store("Cache-Control: s-maxage=60; ETag: \"en\"; Vary: Accept-Language; Cache-Tag: a,b", "Accept-Language: en");
        store("Cache-Control: max-age=90; ETag: \"de\"; Vary: Accept-Language", "Accept-Language: de");
        assertThat(explain("GET", "Accept-Language: en", false, 20).stored()).containsExactly(
                new EdgeExplanation.Stored(false, 200, 20, 70, "max-age", "\"de\"", List.of("accept-language: de"), 10, "", List.of(), false),
                new EdgeExplanation.Stored(true, 200, 20, 40, "s-maxage", "\"en\"", List.of("accept-language: en"), 10, "", List.of("a", "b"), false));
        store.purge(new Purge(new Purge.Scope.Url(KEY), false));
        EdgeExplanation after = explain("GET", "Accept-Language: en", false, 20);
        assertThat(after.decision().name()).isEqualTo("MUST_REVALIDATE"); // which s-maxage says as well
        assertThat(after.stored()).allMatch(EdgeExplanation.Stored::invalidated);
    }

    @Test
    void anotherClientsKeyInWhatIsStored_isNotSaid() {
        store("Cache-Control: max-age=60; Vary: X-Api-Key", "X-Api-Key: very-secret");
        assertThat(explain("GET", null, false, 0).stored().getFirst().vary()).containsExactly("x-api-key: ***");
    }

    @Test
    void whatWasNotToBeStoredLastTimeIsWaitedForByNobody() {
        store.rememberUncacheable(KEY, NOON + 30_000);
        EdgeExplanation said = explain("GET", null, false, 10);
        assertThat(said.does()).contains("for 20 s more", "hit-for-miss");
        assertThat(said.unsharedMillis()).isEqualTo(20_000);
        assertThat(explain("GET", null, false, 31).does()).isEqualTo("asks for it, for all who wait");
    }

    @Test
    void askingCountsNothing() {
        store("Cache-Control: max-age=60", null);
        ResponseStore.Figures before = store.figures();
        explain("GET", null, false, 1);
        assertThat(store.figures()).isEqualTo(before);
    }
}
