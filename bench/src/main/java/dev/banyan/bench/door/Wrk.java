package dev.banyan.bench.door;

import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of wrk, the load generator: closed loop, keep-alive, one thread. */
public final class Wrk {
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([\\d.]+)(ms|s|m)");
    private static final Pattern NOT_OK = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKET = Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    private Wrk() {}

    /** Drives a port of 127.0.0.1 to the end of the time, by requests for 1 KB. */
    public static Measured run(TestBed bed, int core, int connections, int seconds, int port) throws IOException, InterruptedException {
        return run(bed, core, connections, seconds, port, "/1k");
    }

    /** The same by requests for this path. */
    public static Measured run(TestBed bed, int core, int connections, int seconds, int port, String path) throws IOException, InterruptedException {
        Process process = bed.start(new ProcessBuilder(
                        "taskset", "-c", String.valueOf(core), "wrk", "--latency", "-t1", "-c" + connections, "-d" + seconds + "s", "http://127.0.0.1:" + port + path)
                .redirectErrorStream(true));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("wrk failed: " + output);
        }
        return parse(output);
    }

    static Measured parse(String output) {
        Matcher total = find(TOTAL, output);
        long errors = 0;
        Matcher notOk = NOT_OK.matcher(output);
        if (notOk.find()) {
            errors += Long.parseLong(notOk.group(1));
        }
        Matcher socket = SOCKET.matcher(output);
        if (socket.find()) {
            for (int i = 1; i <= 4; i++) {
                errors += Long.parseLong(socket.group(i));
            }
        }
        double seconds = millis(total.group(2), total.group(3)) / 1000;
        return new Measured(Long.parseLong(total.group(1)), seconds, percentile(output, 50), percentile(output, 99), errors);
    }

    private static double percentile(String output, int percent) {
        Matcher line = find(Pattern.compile(percent + "% +([\\d.]+)(us|ms|s|m)"), output);
        return millis(line.group(1), line.group(2));
    }

    private static double millis(String number, String unit) {
        double factor = switch (unit) {
            case "us" -> 0.001;
            case "ms" -> 1;
            case "s" -> 1000;
            default -> 60_000;
        };
        return Double.parseDouble(number) * factor;
    }

    private static Matcher find(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("wrk's output lacks " + pattern + ": " + output);
        }
        return matcher;
    }
}
