package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.Purge;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An edge over real sockets: what it answers itself, what it asks for, and how often. */
class EdgeTest {
    private static final String FRESH = "Cache-Control: max-age=60\r\n";

    /** Answers each request with its number, and these fields. */
    private static Origin numbered(String fields) throws IOException {
        AtomicInteger number = new AtomicInteger();
        return new Origin((_, out) -> answer(out, "200 OK", fields, "answer " + number.incrementAndGet()));
    }

    private static void answer(OutputStream out, String status, String fields, String body) throws IOException {
        Origin.write(out, "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @Test
    void whatIsFreshIsAnsweredHere() throws Exception {
        try (Origin origin = numbered(FRESH); Site site = Site.edge("", origin); Client client = new Client(site)) {
            String first = client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer();
            String second = client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer();
            assertThat(first).endsWith("answer 1").contains("Cache-Status: edge-1; fwd=uri-miss; ");
            assertThat(second).endsWith("answer 1").contains("Cache-Status: edge-1; hit; ttl=").containsPattern("Age: [01]\r\n").contains("Content-Length: 8\r\n");
            assertThat(client.say("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 2");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: other\r\n\r\n").answer()).endsWith("answer 3");
            assertThat(origin.heads).hasSize(3);
        }
    }

    @Test
    void earlyHintsReachWhoAskedFirst_andAreNotStored() throws Exception {
        Origin.Script hinting = (_, out) -> {
            Origin.write(out, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Early: 1\r\n\r\n");
            answer(out, "200 OK", FRESH, "page");
        };
        try (Origin origin = new Origin(hinting); Site site = Site.edge("", origin); Client client = new Client(site)) {
            client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Early: 1\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200 ").endsWith("page").doesNotContain("Link", "X-Early");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).startsWith("HTTP/1.1 200 ").contains("; hit").doesNotContain("Link", "X-Early");
            assertThat(Client.ask(site, "GET /b HTTP/1.0\r\nHost: h\r\n\r\n")).as("HTTP/1.0 knows none").startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aHeadIsAnsweredFromAGet() throws Exception {
        try (Origin origin = numbered(FRESH); Site site = Site.edge("", origin); Client client = new Client(site)) {
            client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer();
            assertThat(client.say("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n").head()).startsWith("HTTP/1.1 200").contains("Content-Length: 8\r\n", "; hit");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 1");
        }
    }

    @Test
    void whatMayNotBeStoredIsAskedForEachTime() throws Exception {
        try (Origin origin = numbered("Cache-Control: private\r\n"); Site site = Site.edge("", origin); Client client = new Client(site)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer " + i).contains("Cache-Status: edge-1; fwd=").doesNotContain("; hit");
            }
        }
    }

    @Test
    void aMissThatManyWaitForIsAskedForOnce_andStreamsToAllWhileItArrives() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        Origin.Script slowly = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n" + FRESH + "Content-Length: 8\r\n\r\nfour");
            await(half);
            Origin.write(out, "more");
        };
        try (Origin origin = new Origin(slowly); Site site = Site.edge("", origin)) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                clients.add(new Client(site).say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"));
            }
            for (Client client : clients) {
                assertThat(client.head()).startsWith("HTTP/1.1 200");
                assertThat(client.take(4)).isEqualTo("four");
            }
            half.countDown();
            for (Client client : clients) {
                assertThat(client.take(4)).isEqualTo("more");
                client.close();
            }
            assertThat(origin.heads).hasSize(1);
        }
    }

    @Test
    void whoWaitsNeverGetsAnothersPage() throws Exception {
        for (String fields : List.of("ETag: \"1\"\r\n", "Cache-Control: no-cache\r\nETag: \"1\"\r\n", "Cache-Control: max-age=0, stale-if-error=60\r\n")) {
            CountDownLatch allAsk = new CountDownLatch(1);
            Origin.Script pages = (request, out) -> {
                await(allAsk);
                answer(out, "200 OK", fields, request.head().replaceAll("(?s).*id=(user-..).*", "$1"));
            };
            try (Origin origin = new Origin(pages); Site site = Site.edge("", origin)) {
                List<Client> clients = new ArrayList<>();
                for (int i = 10; i < 30; i++) {
                    clients.add(new Client(site).say("GET /me HTTP/1.1\r\nHost: h\r\nCookie: id=user-" + i + "\r\n\r\n"));
                }
                allAsk.countDown();
                for (int i = 10; i < 30; i++) {
                    assertThat(clients.get(i - 10).answer()).as(fields).endsWith("user-" + i);
                    clients.get(i - 10).close();
                }
            }
        }
    }

    @Test
    void contentWithoutALengthIsPassedOnWhileItArrives_andHasOneLater() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        Origin.Script chunks = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n" + FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await(rest);
            Origin.write(out, "6\r\n world\r\n0\r\n\r\n");
        };
        try (Origin origin = new Origin(chunks); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").head()).contains("Transfer-Encoding: chunked").doesNotContain("Content-Length");
            rest.countDown();
            assertThat(new Chunked(client.in).text()).isEqualTo("hello world");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).contains("Content-Length: 11\r\n").endsWith("hello world");
            assertThat(origin.heads).hasSize(1);
        }
    }

    @Test
    void aFetchGoesOnWhenWhoAskedFirstHasLeft() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Origin.Script slowly = (_, out) -> {
            await(go);
            answer(out, "200 OK", FRESH, "here");
        };
        try (Origin origin = new Origin(slowly); Site site = Site.edge("", origin)) {
            Client first = new Client(site).say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
            Site.await("it is asked for", () -> origin.heads.size() == 1);
            Client second = new Client(site).say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
            first.close();
            Site.await("it has gone", () -> site.door.connections() == 1);
            go.countDown();
            assertThat(second.answer()).endsWith("here");
            assertThat(origin.heads).hasSize(1);
            second.close();
        }
    }

    @Test
    void aFailureIsToldToAllWhoWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Origin.Script fails = (request, _) -> {
            await(go);
            request.reset();
        };
        try (Origin origin = new Origin(fails); Site site = Site.edge("  retries: {attempts: 0}\n", origin)) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(new Client(site).say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"));
            }
            Site.await("it is asked for", () -> origin.heads.size() == 1);
            go.countDown();
            for (Client client : clients) {
                assertThat(client.answer()).startsWith("HTTP/1.1 502");
                client.close();
            }
        }
    }

    @Test
    void whatIsStaleIsServedWhileItIsFetchedAnew() throws Exception {
        try (Origin origin = numbered("Cache-Control: max-age=0, stale-while-revalidate=60\r\n"); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 1");
            Site.pass(java.time.Duration.ofMillis(1100));
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 1");
            Site.await("it is fetched", () -> origin.heads.size() == 2);
            Site.await("it is the new one", () -> ask(client).endsWith("answer 2"));
        }
    }

    @Test
    void whatIsStaleIsServedWhenTheOriginFails() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Origin.Script once = (_, out) -> {
            if (number.incrementAndGet() == 1) {
                answer(out, "200 OK", "Cache-Control: max-age=0, stale-if-error=60\r\n", "good");
            } else {
                answer(out, "503 Broken", "", "bad");
            }
        };
        try (Origin origin = new Origin(once); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("good");
            Site.pass(java.time.Duration.ofMillis(1100));
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).startsWith("HTTP/1.1 200").endsWith("good").contains("fwd=stale; fwd-status=503");
        }
    }

    @Test
    void aValidationThatHoldsKeepsTheContent() throws Exception {
        Origin.Script validates = (request, out) -> {
            if (request.header("If-None-Match").equals("\"v1\"")) {
                Origin.write(out, "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\nX-New: yes\r\n\r\n");
            } else {
                answer(out, "200 OK", "ETag: \"v1\"\r\nCache-Control: max-age=0\r\n", "content");
            }
        };
        try (Origin origin = new Origin(validates); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("content");
            Site.pass(java.time.Duration.ofMillis(1100));
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).startsWith("HTTP/1.1 200").endsWith("content").contains("X-New: yes");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("content").contains("; hit");
            assertThat(origin.heads).hasSize(2);
        }
    }

    @Test
    void aClientThatHasItIsToldSo_andOneThatWantsAPartGetsIt() throws Exception {
        try (Origin origin = numbered(FRESH + "ETag: \"v1\"\r\n"); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 1");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"v1\"\r\n\r\n").head()).startsWith("HTTP/1.1 304").contains("ETag: \"v1\"");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=1-3\r\n\r\n").answer()).startsWith("HTTP/1.1 206").contains("Content-Range: bytes 1-3/8\r\n").endsWith("\r\n\r\nnsw");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=100-\r\n\r\n").answer()).startsWith("HTTP/1.1 416").contains("Content-Range: bytes */8\r\n");
            assertThat(origin.heads).hasSize(1);
        }
    }

    @Test
    void aWriteMakesWhatIsStoredOfItsUrlOld() throws Exception {
        try (Origin origin = numbered(FRESH); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(ask(client)).endsWith("answer 1");
            assertThat(client.say("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("answer 2");
            assertThat(ask(client)).endsWith("answer 3");
        }
    }

    @Test
    void afterAWriteNothingOldStandsInForAnOriginThatFails() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Origin.Script thenBroken = (_, out) -> {
            if (number.incrementAndGet() <= 2) {
                answer(out, "200 OK", "Cache-Control: max-age=60, stale-if-error=60\r\n", "good");
            } else {
                answer(out, "503 Broken", "", "bad");
            }
        };
        try (Origin origin = new Origin(thenBroken); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(ask(client)).endsWith("good");
            assertThat(client.say("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("good");
            assertThat(ask(client)).startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void aWriteReachesWhatItsAnswerNames_underTheKeyThatRequestsForItHave() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Origin.Script creates = (request, out) -> answer(out, "200 OK", FRESH + (request.line().startsWith("POST") ? "Location: /list?b=2&utm_source=x&a=1\r\n" : ""), "answer " + number.incrementAndGet());
        try (Origin origin = new Origin(creates); Site site = Site.edge("", "  key: {ignored: ['utm_*'], sorted: true}\n", 1, origin); Client client = new Client(site)) {
            String list = "GET /list?a=1&b=2 HTTP/1.1\r\nHost: H:80\r\n\r\n";
            assertThat(client.say(list).answer()).endsWith("answer 1");
            assertThat(client.say(list).answer()).endsWith("answer 1");
            assertThat(client.say("POST /new HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("answer 2");
            assertThat(client.say(list).answer()).endsWith("answer 3");
        }
    }

    @Test
    void whoAsksAfterAWriteIsNotGivenWhatWasAskedForBeforeIt() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        AtomicInteger gets = new AtomicInteger();
        Origin.Script slowly = (request, out) -> {
            if (request.line().startsWith("POST")) {
                request.body().readNBytes(1);
                answer(out, "200 OK", "", "done");
            } else if (gets.incrementAndGet() == 1) {
                await(written);
                answer(out, "200 OK", FRESH, "old");
            } else {
                answer(out, "200 OK", FRESH, "new");
            }
        };
        try (Origin origin = new Origin(slowly); Site site = Site.edge("", origin); Client before = new Client(site); Client after = new Client(site)) {
            before.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
            Site.await("it is asked for", () -> origin.heads.size() == 1);
            assertThat(after.say("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("done");
            assertThat(ask(after)).endsWith("new");
            written.countDown();
            assertThat(before.answer()).endsWith("old");
            assertThat(ask(after)).endsWith("new");
        }
    }

    @Test
    void thePostThatIsWhatAGetWouldGetIsStored_andNoOther() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Origin.Script posts = (request, out) -> {
            request.body().readNBytes(request.line().startsWith("POST") ? 1 : 0);
            String fields = FRESH + "Content-Location: " + (request.line().contains("/a") ? "/a" : "/elsewhere") + "\r\n";
            answer(out, "200 OK", fields, "answer " + number.incrementAndGet());
        };
        try (Origin origin = new Origin(posts); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("answer 1");
            assertThat(ask(client)).endsWith("answer 1").contains("; hit");
            assertThat(client.say("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("answer 2");
            assertThat(client.say("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 3");
            assertThat(client.say("POST /a HTTP/1.1\r\nHost: h\r\nX-Original-URL: /b\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("answer 4");
            assertThat(ask(client)).endsWith("answer 5");
        }
    }

    @Test
    void theOriginIsToldThatSurrogateControlIsUnderstood() throws Exception {
        try (Origin origin = numbered("Cache-Control: no-store\r\nSurrogate-Control: max-age=60\r\n"); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(ask(client)).endsWith("answer 1");
            assertThat(ask(client)).endsWith("answer 1");
            assertThat(origin.heads.getFirst()).contains("Surrogate-Capability: banyan=\"Surrogate/1.0\"\r\n");
        }
    }

    @Test
    void whatVariesIsKeptApart() throws Exception {
        try (Origin origin = numbered(FRESH + "Vary: X-Kind\r\n"); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nX-Kind: 1\r\n\r\n").answer()).endsWith("answer 1");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nX-Kind: 2\r\n\r\n").answer()).endsWith("answer 2");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nX-Kind: 1\r\n\r\n").answer()).endsWith("answer 1");
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nX-Kind: 2\r\n\r\n").answer()).endsWith("answer 2");
        }
    }

    @Test
    void aLargeAnswerGoesThroughWhole_alsoToWhoComesLater() throws Exception {
        byte[] large = new byte[3_000_000];
        new java.util.SplittableRandom(5).nextBytes(large);
        Origin.Script sends = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n" + FRESH + "Content-Length: " + large.length + "\r\n\r\n");
            out.write(large);
            out.flush();
        };
        try (Origin origin = new Origin(sends); Site site = Site.edge("", origin); Client client = new Client(site)) {
            for (int i = 0; i < 3; i++) {
                client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").head();
                assertThat(client.in.readNBytes(large.length)).isEqualTo(large);
            }
            assertThat(origin.heads).hasSize(1);
        }
    }

    @Test
    void anAnswerThatComesToItsEndWhileItIsFlushedEndsOnce() throws Exception {
        byte[] content = new byte[400_000];
        new java.util.SplittableRandom(6).nextBytes(content);
        Origin.Script sends = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n" + FRESH + "Content-Length: " + content.length + "\r\n\r\n");
            out.write(content);
            out.flush();
        };
        Mishaps.forget();
        try (Origin origin = new Origin(sends); Site site = Site.edge("", origin); Client client = new Client(site)) {
            for (int round = 0; round < 10; round++) {
                client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n".repeat(4));
                for (int i = 0; i < 4; i++) {
                    assertThat(client.head()).startsWith("HTTP/1.1 200");
                    assertThat(client.in.readNBytes(content.length)).isEqualTo(content);
                }
            }
        }
        assertThat(Mishaps.heard()).isEmpty();
    }

    private static Origin partial(String restStatus, String restTag, String restRange, String rest) throws IOException {
        return new Origin((request, out) -> {
            String range = request.header("Range");
            if (range.equals("bytes=0-2")) {
                answer(out, "206 Partial Content", FRESH + "ETag: \"v1\"\r\nContent-Range: bytes 0-2/8\r\n", "abc");
            } else if (range.equals("bytes=3-")) {
                answer(out, restStatus, FRESH + "ETag: " + restTag + "\r\nContent-Range: bytes " + restRange + "\r\n", rest);
            } else {
                answer(out, "200 OK", FRESH + "ETag: \"v2\"\r\n", "ABCDEFGHI");
            }
        });
    }

    @Test
    void aPartIsMadeWholeByItsRest() throws Exception {
        try (Origin origin = partial("206 Partial Content", "\"v1\"", "3-7/8", "defgh"); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=0-2\r\n\r\n").answer()).startsWith("HTTP/1.1 206").endsWith("abc");
            assertThat(ask(client)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nabcdefgh").contains("Content-Length: 8\r\n");
            assertThat(ask(client)).endsWith("\r\n\r\nabcdefgh").contains("; hit");
            assertThat(origin.heads).hasSize(2);
        }
    }

    @Test
    void whoWantsTheWholeNeverGetsARestThatDoesNotFit() throws Exception {
        for (String tag : List.of("\"v1\"", "\"v2\"")) {
            for (String[] rest : List.of(new String[] {"206 Partial Content", "4-7/8", "efgh"}, new String[] {"206 Partial Content", "3-8/9", "DEFGHI"}, new String[] {"416 Range Not Satisfiable", "*/2", ""})) {
                try (Origin origin = partial(rest[0], tag, rest[1], rest[2]); Site site = Site.edge("", origin); Client client = new Client(site)) {
                    assertThat(client.say("GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=0-2\r\n\r\n").answer()).startsWith("HTTP/1.1 206").endsWith("abc");
                    assertThat(ask(client)).as(rest[0] + tag).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nABCDEFGHI");
                }
            }
        }
    }

    @Test
    void otherRulesForKeysHoldFromTheNextRequestOn() throws Exception {
        try (Origin origin = numbered(FRESH); Site site = Site.edge("", origin); Client client = new Client(site)) {
            assertThat(client.say("GET /a?utm=1 HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 1");
            String yaml = "site: test\napplication: {command: [x]}\nedge:\n  memory: 16MiB\n  key: {ignored: [utm]}\n";
            site.door.cache().orElseThrow().use(SiteFile.read(yaml, _ -> Optional.empty()).orThrow("test").edge());
            assertThat(client.say("GET /a?utm=2 HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 2");
            assertThat(client.say("GET /a?utm=3 HTTP/1.1\r\nHost: h\r\n\r\n").answer()).endsWith("answer 2");
        }
    }

    @Test
    void whoAsksAfterAPurgeOrAWriteNeverGetsWhatWasBeingFetchedBefore() throws Exception {
        for (boolean purged : List.of(true, false)) {
            CountDownLatch go = new CountDownLatch(1);
            AtomicInteger number = new AtomicInteger();
            Origin.Script slowly = (request, out) -> {
                int mine = number.incrementAndGet();
                if (mine == 1) {
                    await(go);
                }
                Http2Test.discardBody(request);
                answer(out, "200 OK", FRESH, "answer " + mine);
            };
            try (Origin origin = new Origin(slowly); Site site = Site.edge("", origin); Client first = new Client(site); Client second = new Client(site)) {
                EdgeCache cache = site.door.cache().orElseThrow();
                first.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
                Site.await("it is asked for", () -> origin.heads.size() == 1);
                if (purged) {
                    cache.store().purge(new Purge(new Purge.Scope.Url(EdgeCache.key("http://h/a", cache.settings().key())), true));
                    number.incrementAndGet();
                } else {
                    assertThat(second.say("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").answer()).endsWith("answer 2");
                }
                assertThat(ask(second)).endsWith("answer 3");
                go.countDown();
                assertThat(first.answer()).endsWith("answer 1");
                assertThat(ask(second)).endsWith("answer 3").contains("; hit");
            }
        }
    }

    private static String ask(Client client) {
        try {
            return client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
