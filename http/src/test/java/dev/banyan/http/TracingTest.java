package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Span;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.Share;
import dev.banyan.topology.Telemetry.Traces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context through the front door and an edge: what servers are told, and what is recorded. */
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-01\r\n";
    private static final String UNSAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-00\r\n";

    private final List<Span> spans = new ArrayList<>();

    private static Tracer tracer(String share, int most) {
        return Tracer.of(new Traces(Share.parse(share), most), Clock.system(), new Registry(Clock.system())).of("front-door");
    }

    private List<Span> await(Tracer tracer, int count) {
        Site.await(count + " spans", () -> {
            tracer.take(spans, 100);
            return spans.size() >= count;
        });
        return spans;
    }

    private static String ask(Site site, String fields) throws Exception {
        return Client.ask(site, "GET /a?secret=1 HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
    }

    private static String traceparent(Origin origin) {
        return header(origin.heads.getLast(), "traceparent");
    }

    private static String header(String head, String name) {
        return head.lines().filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": ")).map(line -> line.substring(name.length() + 2)).reduce((a, b) -> a + " and " + b).orElse("");
    }

    private static String hex(long number) {
        return java.util.HexFormat.of().toHexDigits(number);
    }

    @Test
    void whereNothingIsTraced_aTraceparentGoesByAsItCame_andNoneBegins() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin)) {
            ask(site, SAMPLED + "tracestate: rojo=1\r\n");
            assertThat(traceparent(origin)).isEqualTo("00-" + TRACE + "-" + PARENT + "-01");
            assertThat(header(origin.heads.getLast(), "tracestate")).isEqualTo("rojo=1");
            ask(site, "");
            assertThat(traceparent(origin)).isEmpty();
        }
    }

    @Test
    void oneThatBeginsHere_hasASpanOfTheDoorAndOneOfWhatItAsked_whichTheServerIsTold() throws Exception {
        Tracer tracer = tracer("100%", 100);
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin)) {
            site.door.tracing(tracer);
            ask(site, "");
            await(tracer, 2);
            Span asked = spans.get(0);
            Span served = spans.get(1);
            assertThat(traceparent(origin)).isEqualTo("00-" + hex(served.traceHigh()) + hex(served.traceLow()) + "-" + hex(asked.id()) + "-03");
            assertThat(header(origin.heads.getLast(), "x-request-id")).isEqualTo(hex(served.traceHigh()) + hex(served.traceLow()));
            assertThat(asked.parent()).isEqualTo(served.id());
            assertThat(served.parent()).isZero();
            assertThat(served.kind()).isEqualTo(Span.Kind.SERVER);
            assertThat(asked.kind()).isEqualTo(Span.Kind.CLIENT);
            assertThat(served.name()).isEqualTo("GET");
            assertThat(served.attribute("url.path")).as("without the query, which may hold secrets").isEqualTo("/a");
            assertThat(served.attribute("http.response.status_code")).isEqualTo("200");
            assertThat(served.attribute("http.response.body.size")).isEqualTo("5");
            assertThat(asked.attribute("banyan.server")).isEqualTo("web-1");
            assertThat(asked.attribute("server.port")).isEqualTo(String.valueOf(origin.address().port()));
            assertThat(served.nanos()).isGreaterThanOrEqualTo(asked.nanos()).isPositive();
            assertThat(served.failed()).isFalse();
        }
    }

    @Test
    void oneThatComesIsGoneOnWith_asItSays() throws Exception {
        Tracer tracer = tracer("0%", 100);
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin)) {
            site.door.tracing(tracer);
            ask(site, UNSAMPLED);
            assertThat(traceparent(origin)).as("a parent of our own, and no more").matches("00-" + TRACE + "-[0-9a-f]{16}-00").doesNotContain(PARENT);
            ask(site, SAMPLED + "tracestate: rojo=1\r\ntracestate: congo=2\r\n");
            await(tracer, 2);
            assertThat(traceparent(origin)).isEqualTo("00-" + TRACE + "-" + hex(spans.get(0).id()) + "-01");
            assertThat(header(origin.heads.getLast(), "tracestate")).isEqualTo("rojo=1 and congo=2");
            assertThat(hex(spans.get(1).parent())).isEqualTo(PARENT);
            assertThat(spans.get(1).traceState()).isEqualTo("rojo=1,congo=2");
            assertThat(spans).hasSize(2);
        }
    }

    @Test
    void oneThatIsNotOfTheSample_saysSoToTheServer() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin)) {
            site.door.tracing(tracer("0%", 100));
            ask(site, "");
            assertThat(traceparent(origin)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-02");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "traceparent: 00-" + TRACE + "-" + PARENT + "\r\n",
        "traceparent: 00-" + TRACE + "-0000000000000000-01\r\n",
        "traceparent: ff-" + TRACE + "-" + PARENT + "-01\r\n",
        "traceparent: 00-0AF7651916CD43DD8448EB211C80319C-" + PARENT + "-01\r\n",
        "traceparent: 00-" + TRACE + "-" + PARENT + "-01-x\r\n",
        SAMPLED + SAMPLED,
        ""
    })
    void whatIsNoTraceparentBeginsAnew_andItsTracestateGoesNoFurther(String fields) throws Exception {
        Tracer tracer = tracer("100%", 100);
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin)) {
            site.door.tracing(tracer);
            ask(site, fields + "tracestate: rojo=1\r\n");
            await(tracer, 2);
            assertThat(spans.get(1).parent()).isZero();
            assertThat(traceparent(origin)).endsWith("-03").doesNotContain(TRACE);
            assertThat(header(origin.heads.getLast(), "tracestate")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rojo", "A=1", "a=\u00e9", "a=1,b"})
    void aTracestateThatIsNoneIsLeftOut_andTheTraceGoesOn(String state) throws Exception {
        Tracer tracer = tracer("0%", 100);
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin)) {
            site.door.tracing(tracer);
            ask(site, SAMPLED + "tracestate: " + state + "\r\n");
            assertThat(traceparent(origin)).contains(TRACE);
            assertThat(header(origin.heads.getLast(), "tracestate")).isEmpty();
        }
    }

    @Test
    void clientsCannotHaveEverythingRecorded() throws Exception {
        Tracer tracer = tracer("0%", 3);
        try (Origin origin = Origin.saying("x"); Site site = Site.of("", origin); Client client = new Client(site)) {
            site.door.tracing(tracer);
            long began = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                client.say("GET / HTTP/1.1\r\nHost: h\r\n" + SAMPLED + "\r\n").answer();
            }
            long seconds = (System.nanoTime() - began) / 1_000_000_000 + 2;
            tracer.take(spans, 10_000);
            assertThat(spans.stream().filter(span -> span.kind() == Span.Kind.SERVER).count()).isBetween(3L, 3 * seconds);
            assertThat(origin.heads.stream().filter(head -> header(head, "traceparent").endsWith("-00"))).as("servers are told that they are not").hasSizeGreaterThan(100);
        }
    }

    @Test
    void eachAttemptIsASpanOfItsOwn_andTheServerIsToldTheRightOne() throws Exception {
        Tracer tracer = tracer("100%", 100);
        AtomicInteger attempts = new AtomicInteger();
        Origin.Script once = (_, out) -> {
            if (attempts.getAndIncrement() == 0) {
                out.close();
            } else {
                Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            }
        };
        try (Origin one = new Origin(once); Origin two = new Origin(once); Site site = Site.of("  retries: {attempts: 2}\n", one, two)) {
            site.door.tracing(tracer);
            assertThat(ask(site, "")).startsWith("HTTP/1.1 200");
            await(tracer, 3);
            Span first = spans.get(0);
            Span second = spans.get(1);
            Span request = spans.get(2);
            assertThat(List.of(first.parent(), second.parent())).containsOnly(request.id());
            assertThat(first.failed()).isTrue();
            assertThat(first.attribute("error.type")).isEqualTo("no_answer");
            assertThat(first.attribute("http.request.resend_count")).isEmpty();
            assertThat(second.failed()).isFalse();
            assertThat(second.attribute("http.request.resend_count")).isEqualTo("1");
            List<String> told = java.util.stream.Stream.of(one, two).flatMap(origin -> origin.heads.stream()).map(head -> header(head, "traceparent").substring(36, 52)).toList();
            assertThat(told).containsExactlyInAnyOrder(hex(first.id()), hex(second.id()));
        }
    }

    @Test
    void aRequestThatFailsIsAFailedSpan() throws Exception {
        Tracer tracer = tracer("100%", 100);
        try (Site site = Site.of("")) {
            site.door.tracing(tracer);
            assertThat(ask(site, "")).startsWith("HTTP/1.1 503");
            Span request = await(tracer, 1).getFirst();
            assertThat(request.failed()).isTrue();
            assertThat(request.attribute("error.type")).isEqualTo("503");
        }
    }

    @Test
    void anEdgeSaysWhatItsCacheDid_andOnlyAMissHasASpanOfAsking() throws Exception {
        Tracer tracer = tracer("100%", 100);
        try (Origin origin = new Origin((_, out) -> Origin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\nx")); Site site = Site.edge("", origin)) {
            site.door.tracing(tracer.of("edge-1"));
            ask(site, "");
            await(tracer, 2);
            assertThat(spans.stream().filter(span -> span.kind() == Span.Kind.SERVER).findFirst().orElseThrow().attribute("banyan.cache")).isEqualTo("miss");
            Span fetch = spans.stream().filter(span -> span.kind() == Span.Kind.CLIENT).findFirst().orElseThrow();
            assertThat(traceparent(origin)).contains(hex(fetch.id()));
            spans.clear();
            ask(site, "");
            Span hit = await(tracer, 1).getFirst();
            assertThat(hit.attribute("banyan.cache")).isEqualTo("hit");
            assertThat(hit.service()).isEqualTo("edge-1");
            Client.ask(site, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
            spans.clear();
            await(tracer, 2);
            assertThat(spans.get(1).attribute("banyan.cache")).isEqualTo("bypass");
        }
    }

    @Test
    void theAccessLogNamesTheTraceOfWhatIsRecorded(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("access.log");
        Tracer tracer = tracer("0%", 100);
        try (Origin origin = Origin.saying("x"); Site site = Site.logging(log, "", origin)) {
            site.door.tracing(tracer);
            ask(site, SAMPLED);
            ask(site, UNSAMPLED);
            Site.await("two lines", () -> {
                try {
                    return Files.exists(log) && Files.readAllLines(log).size() == 2;
                } catch (java.io.IOException notYet) {
                    return false;
                }
            });
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines.get(0)).endsWith(",\"id\":\"" + TRACE + "\",\"trace_id\":\"" + TRACE + "\"}");
        assertThat(lines.get(1)).endsWith(",\"id\":\"" + TRACE + "\"}");
    }
}
