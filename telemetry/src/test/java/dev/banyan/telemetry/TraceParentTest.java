package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String GOOD = "00-" + TRACE + "-" + PARENT + "-";

    private final TraceParent read = new TraceParent();

    @ParameterizedTest
    @CsvSource({"00,false,false", "01,true,false", "02,false,true", "03,true,true", "fd,true,false", "ff,true,true"})
    void theFlagsOfLevelTwoAreRead_andAllOthersAreLetBe(String flags, boolean sampled, boolean random) {
        assertThat(read(GOOD + flags)).isTrue();
        assertThat(read.sampled()).isEqualTo(sampled);
        assertThat(read.random()).isEqualTo(random);
        assertThat(Long.toHexString(read.traceHigh())).isEqualTo("af7651916cd43dd");
        assertThat(Long.toHexString(read.traceLow())).isEqualTo("8448eb211c80319c");
        assertThat(Long.toHexString(read.parent())).isEqualTo(PARENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01-" + TRACE + "-" + PARENT + "-01", "cc-" + TRACE + "-" + PARENT + "-01-what-comes", "fe-" + TRACE + "-" + PARENT + "-01-"})
    void laterVersionsAreReadAsFarAsTheyAreKnown(String text) {
        assertThat(read(text)).isTrue();
        assertThat(read.sampled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "00",
        "00-" + TRACE + "-" + PARENT,
        "00-" + TRACE + "-" + PARENT + "-",
        "00-" + TRACE + "-" + PARENT + "-1",
        "00-" + TRACE + "-" + PARENT + "-01-",
        "00-" + TRACE + "-" + PARENT + "-01-more",
        "00-" + TRACE + "-" + PARENT + "-011",
        "00-" + TRACE + "-" + PARENT + "-01.",
        "cc-" + TRACE + "-" + PARENT + "-01.what",
        "cc-" + TRACE + "-" + PARENT + "-011",
        "ff-" + TRACE + "-" + PARENT + "-01",
        "FF-" + TRACE + "-" + PARENT + "-01",
        "0g-" + TRACE + "-" + PARENT + "-01",
        "-0-" + TRACE + "-" + PARENT + "-01",
        "00-00000000000000000000000000000000-" + PARENT + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + PARENT + "-01",
        "00-" + TRACE + "-B7AD6B7169203331-01",
        "00-" + TRACE + "-" + PARENT + "-0G",
        "00-" + TRACE + "-" + PARENT + "-A1",
        "00_" + TRACE + "-" + PARENT + "-01",
        "00-" + TRACE + "_" + PARENT + "-01",
        "00-" + TRACE + "-" + PARENT + "_01",
        "00-0af7651916cd43dd8448eb211c80319-" + PARENT + "-01 ",
        "00-0af7651916cd43dd8448eb211c80319.-" + PARENT + "-01",
        "00-" + TRACE + "-b7ad6b716920333.-01",
        " 00-" + TRACE + "-" + PARENT + "-01",
        "00-" + TRACE + "-" + PARENT + "-01 "
    })
    void whatIsMalformedIsNone(String text) {
        assertThat(read(GOOD + "01")).isTrue();
        assertThat(read(text)).isFalse();
        assertThat(Long.toHexString(read.parent())).as("what was read before stays").isEqualTo(PARENT);
    }

    @Test
    void itIsReadWhereItLies() {
        byte[] around = ("GET / traceparent: " + GOOD + "01\r\n").getBytes(StandardCharsets.US_ASCII);
        assertThat(read.read(around, 19, 19 + TraceParent.LENGTH)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rojo=00f067aa0ba902b7 | 1",
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE | 2",
        "'rojo=1 , congo=2 ' | 2",
        "a=1,,b=2, ,c=3 | 3",
        "fw529a3039@dt=FfffffAAA | 1",
        "0v@x=1 | 1",
        "a*b/c_d-e=x y!~ | 1",
        "'' | 0",
        "a | -1", "=1 | -1", "a= | -1", "a=b=c | -1", "A=1 | -1", "a b=1 | -1", "a@b@c=1 | -1", "@a=1 | -1", "_a=1 | -1", "a=\u00e9 | -1", "a=1;b | 1", "a=1,b | -1"
    })
    void aTraceStateListsMembers(String text, int members) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(TraceState.members(bytes, 0, bytes.length)).isEqualTo(members);
    }

    @Test
    void aTraceStateHasItsLimits() {
        assertThat(members("k=v,".repeat(32))).isEqualTo(32);
        assertThat(members("k=v,".repeat(33))).isEqualTo(-1);
        assertThat(members("k".repeat(256) + "=v")).isEqualTo(1);
        assertThat(members("k".repeat(257) + "=v")).isEqualTo(-1);
        assertThat(members("k=" + "v".repeat(256))).isEqualTo(1);
        assertThat(members("k=" + "v".repeat(257))).isEqualTo(-1);
    }

    private static int members(String text) {
        return TraceState.members(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }

    private boolean read(String text) {
        return read.read(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }
}
