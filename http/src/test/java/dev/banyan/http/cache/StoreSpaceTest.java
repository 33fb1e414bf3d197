package dev.banyan.http.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.ByteSize;
import org.junit.jupiter.api.Test;

class StoreSpaceTest {
    private static final long LAUNCHED = 512 << 20;

    @Test
    void theUsualEdgesFitIntoAProcessAsItIsLaunched() {
        assertThat(StoreSpace.lacking(1, ByteSize.parse("64MiB"), false, LAUNCHED)).isEmpty();
        assertThat(StoreSpace.lacking(6, ByteSize.parse("64MiB"), true, LAUNCHED)).isEmpty();
        assertThat(StoreSpace.lacking(1, ByteSize.parse("448MiB"), false, LAUNCHED)).isEmpty();
    }

    @Test
    void whatDoesNotFitIsSaidWithItsNumbersAndWithWhatHelps() {
        assertThat(StoreSpace.lacking(1, ByteSize.parse("1GiB"), false, LAUNCHED)).hasValue("edge.memory is 1GiB: that is 1024 MiB, and this process may keep 448 MiB outside its heap; "
                + "start it with BANYAN_JAVA_OPTS=-XX:MaxDirectMemorySize=1171m, or say less");
        assertThat(StoreSpace.lacking(3, ByteSize.parse("1GiB"), true, LAUNCHED)).hasValue("edge.memory is 1GiB for each of 3 caches (edges and shield), and an eighth more for what waits to be written "
                + "to disk: that is 3456 MiB, and this process may keep 448 MiB outside its heap; start it with BANYAN_JAVA_OPTS=-XX:MaxDirectMemorySize=3950m, or say less");
        assertThat(StoreSpace.lacking(1, ByteSize.parse("1GiB"), false, 1171L << 20)).as("what it says helps").isEmpty();
        assertThat(StoreSpace.lacking(3, ByteSize.parse("1GiB"), true, 3950L << 20)).isEmpty();
    }
}
