package dev.banyan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A process and all that came of it, as the system sees them. */
final class ProcessTree {
    private final ProcessHandle root;

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /**
     * Bytes of memory that all of them hold, pages that several share counted once (Linux's proportional set size): PostgreSQL's processes share
     * most of theirs, and a sum of resident sets would count it for each. Empty where the system does not say.
     */
    OptionalLong memoryBytes() {
        if (memoryBytes(root).isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(all().mapToLong(process -> memoryBytes(process).orElse(0)).sum());
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(root), root.descendants());
    }

    /** Empty when it has just ended, too. */
    private static OptionalLong memoryBytes(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:")).mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).findFirst();
        } catch (IOException | java.io.UncheckedIOException goneOrNoSuchSystem) {
            return OptionalLong.empty();
        }
    }

    /** Ends all of them the hard way. */
    void kill() {
        List<ProcessHandle> whole = all().toList();
        whole.forEach(ProcessHandle::destroyForcibly);
    }
}
