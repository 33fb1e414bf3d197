package dev.banyan.bench.bed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that runs pinned to one core, and what it and its children have used of the machine. Linux only: it reads /proc. */
public final class Program implements AutoCloseable {
    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it; what it says is in NAME.log of the bed's folder.
     *
     * @throws IOException when it ends at once, with what it said
     */
    public static Program start(TestBed bed, int core, String name, List<String> command) throws IOException, InterruptedException {
        Path log = bed.folder().resolve(name + ".log");
        return started(bed, core, log, command, new ProcessBuilder().redirectErrorStream(true).redirectOutput(log.toFile()));
    }

    /** The same, of a program that is asked and answers in lines: only what it says of faults is in the log. */
    public static Program startAsked(TestBed bed, int core, String name, List<String> command) throws IOException, InterruptedException {
        Path log = bed.folder().resolve(name + ".log");
        return started(bed, core, log, command, new ProcessBuilder().redirectError(log.toFile()));
    }

    private static Program started(TestBed bed, int core, Path log, List<String> command, ProcessBuilder builder) throws IOException, InterruptedException {
        List<String> pinned = Stream.concat(Stream.of("taskset", "-c", String.valueOf(core)), command.stream()).toList();
        Process process = bed.start(builder.command(pinned));
        if (process.waitFor(300, TimeUnit.MILLISECONDS)) {
            throw new IOException(String.join(" ", command) + " ended at once: " + Files.readString(log));
        }
        return new Program(process, log);
    }

    /** What it has said so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Writes one line to it. */
    public void tell(String line) throws IOException {
        Writer to = process.outputWriter();
        to.write(line + "\n");
        to.flush();
    }

    /** The next line it says; waits for it. */
    public String hear() throws IOException {
        BufferedReader from = process.inputReader();
        String line = from.readLine();
        if (line == null) {
            throw new IOException("a program ended instead of answering: " + log());
        }
        return line;
    }

    /** Its processor time until now, that of its living children included. */
    public CpuTime cpu() throws IOException {
        CpuTime sum = new CpuTime(0, 0);
        for (long pid : pids()) {
            sum = sum.plus(CpuTime.of(pid));
        }
        return sum;
    }

    /** Its resident memory in KiB, children included. */
    public long residentKib() throws IOException {
        long sum = 0;
        for (long pid : pids()) {
            sum += Memory.of(pid).residentKib();
        }
        return sum;
    }

    /** How many file descriptors it holds, children included. */
    public long descriptors() throws IOException {
        long sum = 0;
        for (long pid : pids()) {
            try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                sum += open.count();
            }
        }
        return sum;
    }

    private List<Long> pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).map(ProcessHandle::pid).toList();
    }

    @Override
    public void close() {
        TestBed.end(process);
    }
}
