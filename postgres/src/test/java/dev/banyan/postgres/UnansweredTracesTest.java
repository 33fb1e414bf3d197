package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Span;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.Share;
import dev.banyan.topology.Telemetry.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A statement that is recorded and never answered: its span ends all the same, says so, and is not taken for another statement's. */
class UnansweredTracesTest {
    private static final String TRACED = " /*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/";

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Tracer tracer = Tracer.of(new Traces(Share.parse("0%"), 1), Clock.system(), new Registry(Clock.system()));

    private RouterWorld world(int replicas) {
        RouterWorld world = RouterWorld.of(Routers.with(new DatabaseRouter.Pool(0, 20, 100, 4, 100, PATIENCE, Duration.ofMinutes(10), Duration.ofHours(1))), replicas);
        world.router.tracing(tracer);
        return world;
    }

    private List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        tracer.take(spans, 100);
        return spans;
    }

    private Span onlySpan() {
        List<Span> spans = spans();
        assertThat(spans).hasSize(1);
        return spans.getFirst();
    }

    @Test
    void aStatementThatWasParsedAndNeverExecuted_endsWithItsSession() {
        try (RouterWorld world = world(0)) {
            FakeClient client = world.client();
            assertThat(client.ask(Sent.parse("", "select 'a'" + TRACED), Sent.flush())).containsExactly("1");
            assertThat(spans()).as("it may still be executed").isEmpty();
            client.leave();
            Span span = onlySpan();
            assertThat(span.failed()).isTrue();
            assertThat(span.attribute("error.type")).isEqualTo("session_ended");
            assertThat(span.attribute("banyan.server")).isEqualTo("db-1");
        }
    }

    @Test
    void aStatementThatWasParsedAndNeverExecuted_endsWithItsSync() {
        try (RouterWorld world = world(0)) {
            FakeClient client = world.client();
            assertThat(client.ask(Sent.parse("named", "select 'a'" + TRACED), Sent.sync())).endsWith("Z I");
            assertThat(onlySpan().failed()).isFalse();
        }
    }

    @Test
    void aStatementThatIsNotCounted_forItCameBehindAnotherInOnePipeline_isNotRecordedInTheOthersName() {
        try (RouterWorld world = world(0)) {
            FakeClient client = world.client();
            client.ask(Sent.query("select 'a'"), Sent.query("select 'b'" + TRACED));
            assertThat(spans()).isEmpty();
            client.ask(Sent.query("begin"), Sent.query("update t set a = 1" + TRACED));
            assertThat(onlySpan().name()).isEqualTo("UPDATE");
        }
    }

    @Test
    void aStatementWhoseSessionIsLostWithItsServer_endsWithTheConnection() {
        try (RouterWorld world = world(0)) {
            FakeClient client = world.client();
            client.query("listen news");
            world.primary().silent = true;
            client.send(Sent.query("select 'a'" + TRACED));
            world.primary().killSessions();
            assertThat(client.isOpen()).as("what it kept at the server is gone").isFalse();
            assertThat(onlySpan().attribute("error.type")).isEqualTo("session_ended");
        }
    }

    @Test
    void aReadThatNobodyCanBeAskedForAgain_endsWhenItIsRefused_andTheNextStatementHasItsOwnSpan() {
        try (RouterWorld world = world(1)) {
            FakeClient client = world.client();
            client.query("select 'before'"); // a connection to the replica is there
            world.servers.get("db-2").silent = true;
            client.send(Sent.query("select 'a'" + TRACED));
            world.useNoPrimary();
            world.servers.get("db-2").killSessions();
            world.pass(PATIENCE.plusMillis(10));
            assertThat(client.words()).first().asString().startsWith("E 57P03 ");
            Span span = onlySpan();
            assertThat(span.failed()).isTrue();
            assertThat(span.attribute("error.type")).isEqualTo("57P03");
            assertThat(span.attribute("banyan.server")).isEmpty();
            world.use("db-1");
            assertThat(client.rows("select 'b'" + TRACED)).containsExactly("b");
            assertThat(onlySpan().failed()).isFalse();
        }
    }
}
