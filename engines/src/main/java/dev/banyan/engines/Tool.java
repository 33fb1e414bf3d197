package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs a short-lived program to its end, {@code initdb} as an example. It carries the folder's marker, so that one whose Banyan was killed is
 * ended by the next.
 *
 * @param output where its output goes; overwritten
 */
record Tool(StateFolder home, Path output) {
    private static final long TIMEOUT_SECONDS = 300;
    private static final int TOLD_LINES = 12;
    /** The system's words, and PostgreSQL's when the last write was cut short. */
    private static final Pattern FULL_DISK = Pattern.compile("No space left on device|Check free disk space", Pattern.CASE_INSENSITIVE);

    /** Runs it with this on its standard input; throws ENGINE_FAILED, or DISK when the disk is full, with its last lines. */
    void run(String what, List<String> command, String input) {
        int code = exitCode(what, command, input);
        if (code != 0) {
            String lines = lastLines();
            boolean full = FULL_DISK.matcher(lines).find();
            throw full
                    ? new BanyanException(ErrorCode.DISK, what + " failed: the disk that holds " + home + " is full; make room and try again")
                    : new BanyanException(ErrorCode.ENGINE_FAILED, what + " failed with exit code " + code + "; its last lines:\n  " + lines);
        }
    }

    /** Runs it; 127 when it cannot be started. */
    int exitCode(String what, List<String> command, String input) {
        ProcessBuilder builder = new ProcessBuilder(Session.lead(command))
                .directory(output.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(Kin.OWNER, home.toString());
        builder.environment().put("LC_ALL", "C");
        if (input.isEmpty()) {
            builder.redirectInput(new File("/dev/null"));
        }
        try {
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedEarly) {
                // Its exit code and its last lines tell why.
            }
            if (!ended(process)) {
                throw new BanyanException(ErrorCode.TIMED_OUT, what + " did not end within " + TIMEOUT_SECONDS + " s");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, what + " cannot be started: " + Reason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.INTERNAL, what + " was broken off: Banyan is ending", e);
        }
    }

    /** One that is too slow, or not waited for to its end, is killed with all that it started. */
    private static boolean ended(Process process) throws InterruptedException {
        try {
            return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    String lastLines() {
        try {
            List<String> lines = Files.readString(output, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n  ", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size()));
        } catch (IOException e) {
            return "(not readable: " + Reason.of(e) + ")";
        }
    }
}
