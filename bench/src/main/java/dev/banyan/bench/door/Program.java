package dev.banyan.bench.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that runs pinned to one core, and what it and its children have used of the processor. Linux only: it reads /proc. */
final class Program implements AutoCloseable {
    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /** @throws IOException when it ends at once; its output is in the log */
    static Program start(int core, Path log, List<String> command) throws IOException, InterruptedException {
        List<String> pinned = Stream.concat(Stream.of("taskset", "-c", String.valueOf(core)), command.stream()).toList();
        Process process = new ProcessBuilder(pinned).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (process.waitFor(300, TimeUnit.MILLISECONDS)) {
            throw new IOException(String.join(" ", command) + " ended at once: " + Files.readString(log));
        }
        return new Program(process);
    }

    /** Its processor time until now, that of its living children included. */
    CpuTime cpu() throws IOException {
        CpuTime sum = CpuTime.of(process.pid());
        for (ProcessHandle child : process.descendants().toList()) {
            sum = sum.plus(CpuTime.of(child.pid()));
        }
        return sum;
    }

    /** Its resident memory in KiB, children included. */
    long residentKib() throws IOException {
        long sum = resident(process.pid());
        for (ProcessHandle child : process.descendants().toList()) {
            sum += resident(child.pid());
        }
        return sum;
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
