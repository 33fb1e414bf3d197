package dev.banyan.bench.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time of a process.
 *
 * @param userMicros in the program, to 10 ms as Linux counts it
 * @param systemMicros in the kernel for it, likewise
 */
public record CpuTime(double userMicros, double systemMicros) {
    /** Linux' USER_HZ, which is 100 on every architecture that matters. */
    private static final double MICROS_A_TICK = 10_000;

    static CpuTime of(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc/" + pid + "/stat")));
    }

    /** @param stat the line of /proc/PID/stat */
    static CpuTime parse(String stat) {
        // The name in parentheses may hold anything; the fields after it are counted from 3 (proc_pid_stat(5)).
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new CpuTime(Long.parseLong(fields[11]) * MICROS_A_TICK, Long.parseLong(fields[12]) * MICROS_A_TICK);
    }

    CpuTime plus(CpuTime other) {
        return new CpuTime(userMicros + other.userMicros, systemMicros + other.systemMicros);
    }

    public CpuTime since(CpuTime earlier) {
        return new CpuTime(userMicros - earlier.userMicros, systemMicros - earlier.systemMicros);
    }

    public double micros() {
        return userMicros + systemMicros;
    }
}
