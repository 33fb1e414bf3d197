package dev.banyan.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A thousand routes cost a request little time and no object. */
class ManyRoutesTest {
    private static final int ROUTES = 1000;
    private static final int REQUESTS = 20_000;

    private static RouteTable routes() {
        return Gateways.table("routes:\n" + IntStream.range(0, ROUTES)
                .mapToObj(i -> "  - { name: r" + i + ", " + (i % 4 == 0 ? "hosts: [h" + i + ".example.com], " : "") + "path: \"/api/v" + i % 50 + "/{kind}/r" + i + "\", service: blue }")
                .collect(Collectors.joining("\n")));
    }

    @Test
    void findingARouteMakesNoObject() {
        RouteTable table = routes();
        RequestHead taken = Gateways.head("GET /api/v49/users/r999/7?page=2 HTTP/1.1", "Host: www.example.com", "Accept: text/html", "User-Agent: x", "Cookie: a=b");
        RequestHead untaken = Gateways.head("GET /pages/7 HTTP/1.1", "Host: h4.example.com", "Accept: text/html");
        Passage passage = new Passage(Loops.random(1));
        Call call = new Call();
        pass(table, passage, call, taken, untaken);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long began = threads.getCurrentThreadCpuTime();
        pass(table, passage, call, taken, untaken);
        long nanos = threads.getCurrentThreadCpuTime() - began;
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(passage.route()).isEmpty();
        assertThat(bytes).as("for %d requests", 2 * REQUESTS).isLessThan(2 * REQUESTS);
        assertThat(nanos / (2 * REQUESTS)).as("nanoseconds of a processor a request").isLessThan(50_000);
    }

    private static void pass(RouteTable table, Passage passage, Call call, RequestHead taken, RequestHead untaken) {
        for (int i = 0; i < REQUESTS; i++) {
            call.begin(taken, "203.0.113.7", true);
            assertPasses(passage, table, call);
            call.begin(untaken, "203.0.113.7", true);
            assertPasses(passage, table, call);
        }
    }

    private static void assertPasses(Passage passage, RouteTable table, Call call) {
        if (passage.pass(table, call, Gateways.REQUEST_ID, 0) != null) {
            throw new AssertionError("refused");
        }
        passage.ended(200, 1, 1);
    }
}
