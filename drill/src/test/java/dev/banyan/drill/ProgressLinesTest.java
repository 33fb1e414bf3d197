package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    @Test
    void aTerminalGetsEverySecond() {
        assertThat(lines(true)).hasLineCount(9).startsWith("joined  1 of 2 users\njoined  2 of 2 users\n   1 s").contains("failed 3 (+3)");
    }

    @Test
    void aFileGetsEveryFifthSecond_andThoseWithFailures() {
        assertThat(lines(false)).hasLineCount(3).startsWith("joined  2 of 2 users\n   3 s").contains("\n   5 s");
    }

    private static String lines(boolean terminal) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProgressLines lines = new ProgressLines(new PrintStream(out, true, StandardCharsets.UTF_8), terminal);
        lines.accept(new LoadProgress.Joined(1, 2));
        lines.accept(new LoadProgress.Joined(2, 2));
        for (int second = 1; second <= 7; second++) {
            lines.accept(new LoadProgress.Second(second, 100, second == 3 ? 3 : 0, second >= 3 ? 3 : 0, 1.5, 9, 4));
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
