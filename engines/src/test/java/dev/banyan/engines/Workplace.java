package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A state folder, a supervisor and what it said, for tests. Closing it stops every child it started. */
final class Workplace implements AutoCloseable {
    final Loops loops = Loops.open(IoKind.NIO, 1);
    final List<ProcessEvent> events = new CopyOnWriteArrayList<>();
    final StateFolder folder;
    final Supervisor supervisor;
    private final List<ChildProcess> children = new CopyOnWriteArrayList<>();

    Workplace(Path folder) {
        this.folder = StateFolder.at(folder.resolve(".banyan"));
        this.supervisor = new Supervisor(this.folder, loops.blocking(), Clock.system(), Loops.random(), events::add);
    }

    ChildProcess sh(String name, String script) {
        return sh(name, script, Duration.ofSeconds(5));
    }

    ChildProcess sh(String name, String script, Duration stopTimeout) {
        ChildSpec spec = new ChildSpec(name, List.of("/bin/sh", "-c", script), Map.of("SAID", "hello"), folder.path(), stopTimeout, () -> {});
        ChildProcess child = supervisor.start(spec);
        children.add(child);
        return child;
    }

    <E extends ProcessEvent> List<E> heard(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static void await(BooleanSupplier so) {
        try {
            assertThat(Waiting.until(so, Duration.ofSeconds(60), Duration.ofMillis(5), Clock.system())).as("awaited for 60 s").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while it waited", e);
        }
    }

    @Override
    public void close() {
        children.forEach(ChildProcess::stop);
        loops.close();
    }
}
