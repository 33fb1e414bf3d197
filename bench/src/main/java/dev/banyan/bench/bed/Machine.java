package dev.banyan.bench.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The machine that figures were measured on, in words. */
public final class Machine {
    private Machine() {}

    public static String words() {
        return String.format(Locale.ROOT, "%s %s %s, %d cores%s, Java %s",
                System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors(), model(), Runtime.version());
    }

    private static String model() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo")).lines()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> " of " + line.substring(line.indexOf(':') + 2).strip())
                    .orElse("");
        } catch (IOException e) {
            return ""; // no Linux
        }
    }

    /** The load that is on it already, as a sentence, for who reads the figures later; empty when it is below a tenth of a core. */
    public static String busy() {
        double load = java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0.1 ? "" : String.format(Locale.ROOT, "the machine's load average was %.1f before this began", load);
    }
}
