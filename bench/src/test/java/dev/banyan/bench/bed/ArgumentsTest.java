package dev.banyan.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static Arguments of(String... words) {
        return new Arguments(List.of(words), "usage: bench/x [--rounds N]");
    }

    @Test
    void anOptionIsFollowedByItsValue() {
        Arguments words = of("--rounds", "3", "--quick");
        assertThat(words.next()).isEqualTo("--rounds");
        assertThat(words.number()).isEqualTo(3);
        assertThat(words.next()).isEqualTo("--quick");
        assertThat(words.hasNext()).isFalse();
    }

    @Test
    void aFaultNamesTheOptionAndEndsInTheUsage() {
        Arguments absent = of("--rounds");
        absent.next();
        assertThatThrownBy(absent::number).isInstanceOf(IllegalArgumentException.class).hasMessage("--rounds needs a value; usage: bench/x [--rounds N]");
        for (String word : List.of("many", "0", "-1")) {
            Arguments bad = of("--rounds", word);
            bad.next();
            assertThatThrownBy(bad::number).hasMessage("--rounds needs a number from 1 on, not '" + word + "'; usage: bench/x [--rounds N]");
        }
        assertThat(of().unknown()).hasMessage("usage: bench/x [--rounds N]");
    }
}
