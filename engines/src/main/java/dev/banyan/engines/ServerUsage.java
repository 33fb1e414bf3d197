package dev.banyan.engines;

import dev.banyan.engines.ProcFolder.Busy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each supervised process uses, with everything below it: processor time and memory, from proc(5), so on Linux only. Reads some hundred
 * small files: for a thread that may block, every few seconds. Owned by whoever asks, one thread at a time.
 */
public final class ServerUsage {
    private static final long TICK_NANOS = 10_000_000;

    private final StateFolder folder;
    private final ProcessTable table;
    private final Map<String, Total> totals = new HashMap<>();

    /**
     * What a server uses.
     *
     * @param cpuNanos processor time since this Banyan began to look, of all processes that it had; never goes back
     * @param memoryBytes in RAM now: what each process has for itself, and once what they share
     */
    public record Usage(long cpuNanos, long memoryBytes) {}

    private static final class Total {
        private String birth = "";
        private long lastTicks;
        private long nanos;

        void add(String ofBirth, long ticks) {
            long more = birth.equals(ofBirth) ? Math.max(0, ticks - lastTicks) : ticks;
            birth = ofBirth;
            lastTicks = ticks;
            nanos += more * TICK_NANOS;
        }
    }

    public ServerUsage(StateFolder folder) {
        this(folder, ProcessTable.ofThisMachine());
    }

    ServerUsage(StateFolder folder, ProcessTable table) {
        this.folder = folder;
        this.table = table;
    }

    /** Of each that runs now, by its name; empty where the system does not tell. */
    public Map<String, Usage> look() {
        return switch (table) {
            case ProcFolder proc -> look(proc);
            case PortableProcesses _ -> Map.of();
        };
    }

    private Map<String, Usage> look(ProcFolder proc) {
        List<Busy> all = proc.busy();
        Map<String, Usage> found = new HashMap<>();
        for (ProcessRecord record : ProcessRecord.all(folder)) {
            all.stream().map(Busy::process).filter(record::is).findFirst().ifPresent(head -> found.put(record.name(), usage(record.name(), head, all, proc)));
        }
        totals.keySet().retainAll(found.keySet());
        return found;
    }

    private Usage usage(String name, SeenProcess head, List<Busy> all, ProcFolder proc) {
        Set<Long> tree = Kin.withAllBelow(Set.of(head.pid()), all.stream().map(Busy::process).toList());
        long ticks = all.stream().filter(one -> tree.contains(one.process().pid())).mapToLong(Busy::ticks).sum();
        Total total = totals.computeIfAbsent(name, _ -> new Total());
        total.add(head.birth(), ticks);
        return new Usage(total.nanos, memory(tree, proc));
    }

    /** PostgreSQL's processes share their buffers: those are counted once. */
    private static long memory(Set<Long> tree, ProcFolder proc) {
        long own = 0;
        long file = 0;
        long shared = 0;
        for (long pid : tree) {
            String status = proc.status(pid);
            own += kilobytes(status, "\nRssAnon:");
            file = Math.max(file, kilobytes(status, "\nRssFile:"));
            shared = Math.max(shared, kilobytes(status, "\nRssShmem:"));
        }
        return (own + file + shared) * 1_024;
    }

    private static long kilobytes(String status, String field) {
        int at = status.indexOf(field);
        if (at < 0) {
            return 0;
        }
        int end = status.indexOf(" kB", at);
        return end < 0 ? 0 : Long.parseLong(status.substring(at + field.length(), end).strip());
    }
}
