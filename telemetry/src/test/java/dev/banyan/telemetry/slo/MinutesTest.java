package dev.banyan.telemetry.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MinutesTest {
    private static final int NOW = 29_000_000;

    @TempDir
    Path folder;

    @Property(tries = 200)
    void theLastMinutesAreAsManyAsAPlainListOfThemHas(@ForAll Random random) {
        int length = 2 + random.nextInt(200);
        Minutes minutes = new Minutes(length);
        Map<Integer, Tally> all = new TreeMap<>();
        int now = NOW;
        for (int i = random.nextInt(500); i > 0; i--) {
            now += random.nextInt(4) == 0 ? random.nextInt(3 * length) : random.nextInt(2);
            Tally tally = tally(random);
            minutes.add(now, 300, tally);
            all.merge(now, tally, Tally::plus);
        }
        int asked = random.nextInt(length);
        int last = now;
        Tally expected = all.entrySet().stream().filter(entry -> entry.getKey() >= last - asked).map(Map.Entry::getValue).reduce(Tally.NONE, Tally::plus);
        assertThat(minutes.last(asked, now, 300)).isEqualTo(expected);
        assertThat(minutes.last(asked, now, 200)).as("held against another time").isEqualTo(new Tally(expected.answers(), expected.failed(), 0, 0));
    }

    @Test
    void anotherBoundInTheSameMinuteBeginsItsTimesAnew() {
        Minutes minutes = new Minutes(10);
        minutes.add(NOW, 300, new Tally(10, 1, 9, 5));
        minutes.add(NOW, 500, new Tally(10, 1, 9, 2));
        assertThat(minutes.last(5, NOW, 500)).isEqualTo(new Tally(20, 2, 9, 2));
    }

    @Property(tries = 30)
    void whatWasWrittenIsThereAgain_whateverWasNotClosed(@ForAll Random random) throws IOException {
        Path file = Files.createTempDirectory(Path.of("target"), "minutes").resolve("slo.minutes");
        int length = 2 + random.nextInt(50);
        MinuteFile one = MinuteFile.open(file, length, MinutesTest::mustNotBeSaid);
        for (int minute = NOW - length; minute <= NOW; minute++) {
            one.minutes().add(minute, 300, tally(random));
            one.write(minute);
        }
        int longer = 2 + random.nextInt(80);
        try (one; MinuteFile again = MinuteFile.open(file, longer, MinutesTest::mustNotBeSaid); MinuteFile more = MinuteFile.open(file, longer, MinutesTest::mustNotBeSaid)) {
            int common = Math.min(length, longer) - 1;
            assertThat(again.minutes().last(common, NOW, 300)).isEqualTo(one.minutes().last(common, NOW, 300));
            assertThat(more.minutes().last(common, NOW, 300)).isEqualTo(one.minutes().last(common, NOW, 300));
        }
    }

    @Test
    void aTornMinuteIsLeftOut_andSaid() throws IOException {
        Path file = folder.resolve("slo.minutes");
        try (MinuteFile one = MinuteFile.open(file, 100, MinutesTest::mustNotBeSaid)) {
            one.minutes().add(NOW - 1, 0, new Tally(100, 1, 0, 0));
            one.minutes().add(NOW, 0, new Tally(10, 2, 0, 0));
            one.write(NOW - 1);
            one.write(NOW);
            try (FileChannel torn = FileChannel.open(file, StandardOpenOption.WRITE)) {
                torn.write(ByteBuffer.wrap(new byte[] {7}), 16 + one.minutes().offset(NOW) + 12);
            }
        }
        List<String> said = new ArrayList<>();
        try (MinuteFile again = MinuteFile.open(file, 100, said::add)) {
            assertThat(again.minutes().last(10, NOW, 0)).isEqualTo(new Tally(100, 1, 0, 0));
            assertThat(said).singleElement().asString().startsWith("1 minute of 100 in ");
        }
        try (MinuteFile whole = MinuteFile.open(file, 100, MinutesTest::mustNotBeSaid)) {
            assertThat(whole.minutes().last(10, NOW, 0).answers()).isEqualTo(100);
        }
    }

    @Test
    void aDiskThatTakesNothingKeepsNobodyFromStarting_andWhatWasCountedMeanwhileIsThereOnceItTakesSomething() throws IOException {
        Path file = folder.resolve("slo.minutes");
        Path inTheWay = Files.createDirectory(folder.resolve("slo.minutes.new"));
        try (MinuteFile refused = MinuteFile.open(file, 100, MinutesTest::mustNotBeSaid)) {
            refused.minutes().add(NOW - 1, 0, new Tally(100, 1, 0, 0));
            assertThatThrownBy(() -> refused.write(NOW - 1)).isInstanceOf(IOException.class);
            Files.delete(inTheWay);
            refused.minutes().add(NOW, 0, new Tally(10, 0, 0, 0));
            refused.write(NOW);
        }
        try (MinuteFile again = MinuteFile.open(file, 100, MinutesTest::mustNotBeSaid)) {
            assertThat(again.minutes().last(10, NOW, 0)).isEqualTo(new Tally(110, 1, 0, 0));
        }
    }

    @Test
    void aFileThatCannotBeUnderstoodIsPutAside_andCountingBeginsAnew() throws IOException {
        Path file = folder.resolve("slo.minutes");
        Files.writeString(file, "something else");
        List<String> said = new ArrayList<>();
        try (MinuteFile fresh = MinuteFile.open(file, 100, said::add)) {
            assertThat(fresh.minutes().last(99, NOW, 0)).isEqualTo(Tally.NONE);
        }
        assertThat(said).singleElement().asString().contains("begin anew").contains("slo.minutes.torn");
        assertThat(folder.resolve("slo.minutes.torn")).hasContent("something else");
    }

    private static Tally tally(Random random) {
        return new Tally(random.nextInt(1000), random.nextInt(10), random.nextInt(900), random.nextInt(20));
    }

    private static void mustNotBeSaid(String sentence) {
        throw new AssertionError(sentence);
    }
}
