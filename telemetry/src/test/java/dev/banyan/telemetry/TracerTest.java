package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Share;
import dev.banyan.topology.Telemetry.Traces;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TracerTest {
    private final TestClock clock = new TestClock();
    private final Registry registry = new Registry(clock);

    @Test
    void aShareOfTheTracesThatBeginIsRecorded() {
        Tracer tracer = tracer("1%", 100_000);
        Random ids = new Random(7);
        int recorded = 0;
        for (int i = 0; i < 100_000; i++) {
            recorded += tracer.begins(ids.nextLong(), clock.nanos()) ? 1 : 0;
        }
        assertThat(recorded).isBetween(850, 1_150);
    }

    @Test
    void allAndNoneAreSharesToo_andAnIdIsSaidTheSameOfEachTime() {
        assertThat(tracer("100%", 10).begins(-1, 0)).isTrue();
        assertThat(tracer("0%", 10).begins(0, 0)).isFalse();
        assertThat(tracer("50%", 10).begins(0x007f_ffff_ffff_ffffL, 0)).isTrue();
        assertThat(tracer("50%", 10).begins(0x0080_0000_0000_0000L, 0)).isFalse();
    }

    @Test
    void onlySoManyASecondAreRecorded_andStrangersCannotTakeThePlacesOfTheSample() {
        Tracer tracer = tracer("100%", 5);
        for (int second = 0; second < 3; second++) {
            int asked = 0;
            int begun = 0;
            for (int i = 0; i < 50; i++) {
                asked += tracer.asked(clock.nanos()) ? 1 : 0;
                begun += tracer.begins(i, clock.nanos()) ? 1 : 0;
            }
            assertThat(asked).isEqualTo(5);
            assertThat(begun).isEqualTo(5);
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void settingsCountAtOnce() {
        Tracer tracer = tracer("0%", 1);
        tracer.use(new Traces(Share.parse("100%"), 2));
        assertThat(tracer.begins(1, 0)).isTrue();
        assertThat(tracer.begins(1, 0)).isTrue();
        assertThat(tracer.begins(1, 0)).isFalse();
    }

    @Test
    void aSpanIsAsLongAsTheClockSays_howeverLateItIsMade() {
        Tracer tracer = tracer("100%", 1);
        long began = clock.nanos();
        clock.advance(Duration.ofMillis(2));
        Span span = tracer.begin(1, 2, 3, 0, Span.Kind.SERVER, "GET", began);
        clock.advance(Duration.ofMillis(5));
        tracer.end(span, clock.nanos());
        assertThat(span.endedEpochNanos - span.beganEpochNanos).isEqualTo(7_000_000);
        assertThat(span.beganEpochNanos).isEqualTo(1_795_341_600_000_000_000L);
    }

    @Test
    void whatIsSaidOfASpanIsBounded() {
        Span span = tracer("100%", 1).begin(1, 2, 3, 0, Span.Kind.SERVER, "GET", 0);
        for (int i = 0; i < 100; i++) {
            span.say("a" + i, "x".repeat(1_000)).say("empty", "");
        }
        assertThat(span.attributes).hasSize(24).allSatisfy(attribute -> assertThat(attribute.value().toString()).hasSize(512));
    }

    private Tracer tracer(String share, int most) {
        return Tracer.of(new Traces(Share.parse(share), most), clock, registry);
    }
}
