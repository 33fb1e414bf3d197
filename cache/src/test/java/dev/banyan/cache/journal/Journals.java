package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Cache.WriteBehind;
import dev.banyan.topology.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** Journals as tests open them, and what they decided. */
final class Journals implements AutoCloseable {
    final Loops loops = Loops.open();
    final List<Decision> decisions = new CopyOnWriteArrayList<>();
    Registry registry = new Registry(Clock.system());

    Setup setup(Path folder, Primary primary) {
        return setup(folder, primary, "64MiB", Duration.ofMillis(5), 1_000, Duration.ofSeconds(5));
    }

    Setup setup(Path folder, Primary primary, String bytes, Duration delay, int batch, Duration patience) {
        registry = new Registry(Clock.system());
        return new Setup(folder, new WriteBehind(ByteSize.parse(bytes), delay, batch), patience, primary, loops, Clock.system(), Loops.random(7), registry, decisions::add);
    }

    WriteBehindJournal open(Path folder, Primary primary) {
        return WriteBehindJournal.open(setup(folder, primary));
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plusSeconds(30);
        while (!condition.call()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        loops.close();
    }
}
