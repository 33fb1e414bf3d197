package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.postgres.sql.CachedStatementReader;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Span;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.Share;
import dev.banyan.topology.Telemetry.Traces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTraceTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String COMMENT = "/*traceparent='" + PARENT + "'*/";

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT 1 " + COMMENT,
        "SELECT 1" + COMMENT + " ;\n",
        "SELECT 1 /*action='%2Fphotos',traceparent='" + PARENT + "',tracestate='rojo%3D1'*/",
        "SELECT 1 /* route='x', traceparent='" + PARENT + "' */",
        "SELECT 1 /* first */ " + COMMENT
    })
    void theCommentThatEndsATextIsRead(String text) {
        assertThat(found(text)).isEqualTo(PARENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "*/",
        "SELECT 1",
        COMMENT + " SELECT 1",
        "SELECT '" + PARENT + "'",
        "SELECT 1 /* outer " + COMMENT + " */",
        "SELECT 1 -- " + COMMENT + "\n, 2",
        "SELECT 1 /*xtraceparent='" + PARENT + "'*/",
        "SELECT 1 /*traceparent=" + PARENT + "*/",
        "SELECT 1 /*traceparent='00-0af7651916cd43dd8448eb211c80319c'*/",
        "SELECT 1 /*traceparent='" + PARENT + "*/"
    })
    void whatIsNotSuchACommentIsNone(String text) {
        assertThat(found(text)).isEmpty();
    }

    @Test
    void itIsLookedForInTheEndOnly_howeverLongTheTextIs() {
        assertThat(found("SELECT '" + "x".repeat(100_000) + "' " + COMMENT)).isEqualTo(PARENT);
        assertThat(found("SELECT 1 /*" + "x".repeat(2_000) + ",traceparent='" + PARENT + "'*/")).as("a comment that long is nobody's trace").isEmpty();
    }

    @Test
    void theServerIsToldTheStatementsOwnSpan_andNothingElseIsChanged() {
        String text = "SELECT 'pa\u00dfwort' " + COMMENT;
        ByteBuf in = bytes(text);
        int length = in.readableBytes();
        Tracer tracer = Tracer.of(new Traces(Share.parse("0%"), 1), Clock.system(), new Registry(Clock.system()));
        StatementTrace trace = new StatementTrace();
        trace.begin(tracer, in, 0, length, true, new SplittableRandom(1), 0);
        String after = in.toString(StandardCharsets.UTF_8);
        assertThat(after).hasSameSizeAs(text).matches("SELECT 'pa\u00dfwort' /\\*traceparent='00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01'\\*/").isNotEqualTo(text);
        trace.begin(tracer, in, 0, length, true, new SplittableRandom(2), 0);
        assertThat(in.toString(StandardCharsets.UTF_8)).as("asked once more elsewhere, it is the same").isEqualTo(after);
    }

    @Test
    void oneThatIsNotRecordedIsLeftAlone() {
        String text = "SELECT 1 /*traceparent='" + PARENT.substring(0, 53) + "00'*/";
        ByteBuf in = bytes(text);
        StatementTrace trace = new StatementTrace();
        trace.begin(Tracer.of(new Traces(Share.parse("100%"), 1), Clock.system(), new Registry(Clock.system())), in, 0, in.readableBytes(), true, new SplittableRandom(1), 0);
        assertThat(trace.records()).isFalse();
        assertThat(in.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Test
    void commentsDoNotTellStatementsApart_norKeepReadsFromReplicas() {
        CachedStatementReader reader = new CachedStatementReader(() -> Catalogue.NONE, 100, 7);
        Statement plain = read(reader, "SELECT title FROM photos WHERE id = 1");
        for (int i = 0; i < 50; i++) {
            Statement commented = read(reader, "SELECT title FROM photos WHERE id = " + i + " /*traceparent='00-" + java.util.HexFormat.of().toHexDigits(i + 1L).repeat(2) + "-b7ad6b7169203331-01'*/");
            assertThat(commented).as("the very reading that is remembered").isSameAs(plain);
        }
        assertThat(plain.readsOnly()).isTrue();
        assertThat(reader.normalised(plain)).hasValueSatisfying(text -> assertThat(text).doesNotContain("traceparent"));
        assertThat(read(reader, "UPDATE photos SET title = 'x' " + COMMENT).readsOnly()).isFalse();
        assertThat(read(reader, "/* banyan: primary */ SELECT 1 " + COMMENT).hint()).contains(Statement.Hint.PRIMARY);
    }

    @Test
    void anOperationIsAFirstWordThatIsKnown() {
        assertThat(Operation.of("select ?").word()).isEqualTo("SELECT");
        assertThat(Operation.of("INSERT INTO a").word()).isEqualTo("INSERT");
        assertThat(Operation.of("commit").word()).isEqualTo("COMMIT");
        assertThat(Operation.of("frobnicate").word()).isEqualTo("_OTHER");
        assertThat(Operation.of("other").word()).isEqualTo("_OTHER");
        assertThat(Operation.of("").word()).isEqualTo("_OTHER");
        assertThat(Operation.of("(not read)").word()).isEqualTo("_OTHER");
    }

    @Test
    void aSpanSaysWhatWasAskedOfWhom_withoutLiterals() {
        Tracer tracer = Tracer.of(new Traces(Share.parse("0%"), 1), Clock.system(), new Registry(Clock.system()));
        StatementTrace trace = new StatementTrace();
        ByteBuf in = bytes("SELECT 1 " + COMMENT);
        trace.begin(tracer, in, 0, in.readableBytes(), true, new SplittableRandom(1), 0);
        trace.end(tracer, Operation.SELECT, "select ?", new Login("ann", "photos", 0, java.util.Map.of(), null), new Member("db-2", new dev.banyan.topology.HostPort("10.0.0.2", 5432)), true, 3, true, 1_000);
        java.util.List<Span> spans = new java.util.ArrayList<>();
        tracer.take(spans, 10);
        Span span = spans.getFirst();
        assertThat(span.name()).isEqualTo("SELECT");
        assertThat(java.util.HexFormat.of().toHexDigits(span.parent())).isEqualTo("b7ad6b7169203331");
        assertThat(in.toString(StandardCharsets.UTF_8)).contains(java.util.HexFormat.of().toHexDigits(span.id()));
        assertThat(span.attribute("db.query.text")).isEqualTo("select ?");
        assertThat(span.attribute("db.namespace")).isEqualTo("photos");
        assertThat(span.attribute("banyan.place")).isEqualTo("replica");
        assertThat(span.attribute("db.response.returned_rows")).isEqualTo("3");
        assertThat(span.failed()).isTrue();
    }

    private static Statement read(CachedStatementReader reader, String text) {
        ByteBuf in = bytes(text);
        return reader.read(in, 0, in.readableBytes(), true);
    }

    private static String found(String text) {
        ByteBuf in = bytes(text);
        int at = StatementTrace.find(in, 0, in.readableBytes());
        return at < 0 ? "" : in.toString(at, PARENT.length(), StandardCharsets.UTF_8);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
