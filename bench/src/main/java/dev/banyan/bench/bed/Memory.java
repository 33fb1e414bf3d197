package dev.banyan.bench.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of a process, in KiB.
 *
 * @param residentKib all its pages that are in memory, as {@code ps} shows them; what several processes share counts in each
 * @param proportionalKib the same with each shared page divided by those that share it (Pss of proc_pid_smaps(5))
 */
public record Memory(long residentKib, long proportionalKib) {
    public static Memory of(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc/" + pid + "/smaps_rollup")));
    }

    /** @param rollup the text of /proc/PID/smaps_rollup */
    static Memory parse(String rollup) {
        return new Memory(kib(rollup, "Rss:"), kib(rollup, "Pss:"));
    }

    private static long kib(String rollup, String name) {
        return rollup.lines().filter(line -> line.startsWith(name)).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
    }

    public Memory plus(Memory other) {
        return new Memory(residentKib + other.residentKib, proportionalKib + other.proportionalKib);
    }
}
