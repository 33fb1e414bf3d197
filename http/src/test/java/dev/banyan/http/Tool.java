package dev.banyan.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of this machine that a test uses when they are there. */
final class Tool {
    private static final int MINUTES = 10;

    private Tool() {}

    /** Why a test is skipped: one sentence, when a program is not on the PATH. */
    static Optional<String> missing(String program) {
        boolean there = Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        return there ? Optional.empty() : Optional.of(program + " is not installed here");
    }

    /** What a program prints; fails when it does. At most ten minutes. */
    static String run(String program, String... arguments) throws IOException, InterruptedException {
        return run(true, program, arguments);
    }

    /** The same, however the program ends. */
    static String runAny(String program, String... arguments) throws IOException, InterruptedException {
        return run(false, program, arguments);
    }

    private static String run(boolean mustSucceed, String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("tool", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end in " + MINUTES + " minutes");
            }
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            if (mustSucceed && process.exitValue() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
