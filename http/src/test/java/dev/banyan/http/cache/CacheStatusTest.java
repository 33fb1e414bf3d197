package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.CacheStatus.Forward;
import dev.banyan.http.cache.StoredHead.Lifetime;
import dev.banyan.http.cache.StoredHead.Part;
import dev.banyan.http.cache.StoredHead.Source;
import dev.banyan.http.cache.StoredHead.Vary;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.StructuredFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheStatusTest {
    @Test
    void saysAHit_andHowMuchLongerItIsFresh() {
        CacheStatus status = new CacheStatus("edge-1");
        assertThat(line(status.ttl(30))).isEqualTo("Cache-Status: edge-1; hit; ttl=30\r\n");
        assertThat(line(status.clear().ttl(-412))).isEqualTo("Cache-Status: edge-1; hit; ttl=-412\r\n");
    }

    @Test
    void saysWhyARequestWentOn() {
        CacheStatus status = new CacheStatus("edge-1").forward(Forward.STALE).forwardStatus(304).ttl(60).stored().collapsed().key("https://a/\"b\"").detail("no news");
        assertThat(line(status)).isEqualTo("Cache-Status: edge-1; fwd=stale; fwd-status=304; ttl=60; stored; collapsed; key=\"https://a/\\\"b\\\"\"; detail=\"no news\"\r\n");
        assertThat(line(status.clear().forward(Forward.URI_MISS))).as("nothing is left of the one before").isEqualTo("Cache-Status: edge-1; fwd=uri-miss\r\n");
    }

    @Test
    void aNameThatIsNoTokenIsAString() {
        assertThat(line(new CacheStatus("CDN Company"))).isEqualTo("Cache-Status: \"CDN Company\"; hit\r\n");
        assertThat(line(new CacheStatus("9"))).isEqualTo("Cache-Status: \"9\"; hit\r\n");
    }

    @Test
    void whatIsWrittenIsAStructuredList() {
        for (Reuse reuse : Reuse.values()) {
            String line = line(new CacheStatus("edge-1").forward(Forward.of(reuse)).ttl(-1).detail(reuse.words()));
            byte[] value = line.substring("Cache-Status: ".length()).strip().getBytes(StandardCharsets.ISO_8859_1);
            assertThat(StructuredFields.list(value, 0, value.length)).as(line).hasValueSatisfying(list -> assertThat(list).hasSize(1));
        }
    }

    @ParameterizedTest(name = "Date {0} s ago, Age {1}, {2} ms under way: {3} ms")
    @CsvSource({
        "0,0,0,0", "0,0,700,700", "10,0,0,10000", "10,5,0,10000", "5,10,0,10000", "5,10,2500,12500", "-60,0,0,0", "-60,7,0,7000",
    })
    void countsHowOldAResponseWasWhenItCame(long dateAgo, long age, long delay, long expected) {
        assertThat(Ages.initialMillis(NOON - dateAgo * 1000, age, NOON - delay, NOON)).isEqualTo(expected);
    }

    @Test
    void aResponseOfThisVerySecondIsNotOld() {
        assertThat(Ages.initialMillis(NOON, 0, NOON + 990, NOON + 990)).isZero();
    }

    @Test
    void ageGoesOnWithTheClock_andNeverBack() {
        StoredHead head = new StoredHead(200, new byte[0], NOON, NOON, NOON, 1500, new Lifetime(60, 0, 0, false, false, Source.MAX_AGE), "", -1, Vary.NONE, Part.WHOLE, List.of());
        assertThat(head.age(NOON)).isEqualTo(1);
        assertThat(head.age(NOON + 500)).isEqualTo(2);
        assertThat(head.age(NOON - 99_000)).as("the clock was set back").isEqualTo(1);
        HeadBuffer out = new HeadBuffer();
        Ages.write(head, NOON + 10_000, out);
        assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII)).isEqualTo("Age: 11\r\n");
    }

    private static String line(CacheStatus status) {
        HeadBuffer out = new HeadBuffer();
        status.write(out);
        return new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
    }
}
