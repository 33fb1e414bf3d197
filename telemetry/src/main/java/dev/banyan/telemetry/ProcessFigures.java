package dev.banyan.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process itself uses, by the names that Prometheus' clients have for it. Asked for when it is read. */
public final class ProcessFigures {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private ProcessFigures() {}

    public static void observe(Registry registry) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        double started = info.startInstant().map(Instant::toEpochMilli).orElse(0L) / 1e3;
        Runtime runtime = Runtime.getRuntime();
        registry.total("process_cpu_seconds_total", "Processor time of Banyan's process, user and system.", Labels.NONE, ProcessFigures::cpuSeconds);
        registry.gauge("process_start_time_seconds", "When Banyan's process began, since 1970.", Labels.NONE, () -> started);
        registry.gauge("jvm_memory_used_bytes", "Heap in use, with what is not collected yet.", Labels.of("area", "heap"), () -> runtime.totalMemory() - runtime.freeMemory());
        registry.gauge("jvm_memory_limit_bytes", "The most the heap may be.", Labels.of("area", "heap"), runtime::maxMemory);
        if (Files.isReadable(STATUS)) {
            registry.gauge("process_resident_memory_bytes", "Memory of Banyan's process that is in RAM.", Labels.NONE, ProcessFigures::residentBytes);
        }
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9;
    }

    private static double residentBytes() {
        try {
            Matcher resident = RESIDENT.matcher(Files.readString(STATUS));
            return resident.find() ? Long.parseLong(resident.group(1)) * 1_024.0 : Double.NaN;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
