package dev.banyan.bench.pgjdbc;

import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Maven, run in a folder with its output in a file. */
record Maven(TestBed bed, Path folder) {
    private static final int TOLD_LINES = 25;

    /** What may run: a machine that others use shall not feel it. */
    private static final List<String> COMMAND = List.of("nice", "-n", "10", "mvn", "-B", "-ntp");

    Process start(Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(COMMAND);
        command.addAll(arguments);
        return bed.start(new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()));
    }

    /** @throws IOException with its last lines, when it fails or takes longer than ten minutes */
    void run(Path log, List<String> arguments) throws IOException, InterruptedException {
        Process process = start(log, arguments);
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            TestBed.end(process);
            throw new IOException("mvn " + String.join(" ", arguments) + " did not end within ten minutes; its output is in " + log);
        }
        if (process.exitValue() != 0) {
            List<String> lines = Files.readString(log).lines().toList();
            throw new IOException("mvn " + String.join(" ", arguments) + " failed: " + String.join("\n", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size())));
        }
    }
}
