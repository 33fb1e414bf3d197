package dev.banyan.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void readsWhatIsResidentAndTheShareOfIt() {
        Memory memory = Memory.parse("""
                5ccf1a74b000-7ffd9a3f2000 ---p 00000000 00:00 0                          [rollup]
                Rss:               16496 kB
                Pss:                5301 kB
                Pss_Dirty:          2100 kB
                Shared_Clean:      11000 kB
                """);
        assertThat(memory.plus(new Memory(4, 1))).isEqualTo(new Memory(16_500, 5302));
    }
}
