package dev.banyan.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What each supervised process uses, with everything below it: processor time and memory, from proc(5), so on Linux only. Reads some hundred
 * small files: for a thread that may block, every few seconds. Owned by whoever asks, one thread at a time.
 */
public final class ServerUsage {
    /** Fields of /proc/PID/stat behind the command's closing bracket. */
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int OWN_USER = 11;
    private static final int START = 19;
    /** USER_HZ, which Linux tells programs whatever its own clock is (proc(5), time(7)). */
    private static final long TICK_NANOS = 10_000_000;

    private final StateFolder folder;
    private final Path proc;
    private final Map<String, Total> totals = new HashMap<>();

    /**
     * What a server uses.
     *
     * @param cpuNanos processor time since this Banyan began to look, of all processes that it had; never goes back
     * @param memoryBytes in RAM now: what each process has for itself, and once what they share
     */
    public record Usage(long cpuNanos, long memoryBytes) {}

    private record Seen(long pid, long parent, long session, String birth, long ticks) {}

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
        this(folder, Path.of("/proc"));
    }

    ServerUsage(StateFolder folder, Path proc) {
        this.folder = folder;
        this.proc = proc;
    }

    /** Whether this system tells. */
    public static boolean isKnown() {
        return Files.exists(Path.of("/proc/self/stat"));
    }

    /** Of each that runs now, by its name. */
    public Map<String, Usage> look() {
        List<Seen> all = all();
        Map<String, Usage> found = new HashMap<>();
        for (ProcessRecord record : ProcessRecord.all(folder)) {
            Optional<Seen> top = all.stream().filter(one -> one.pid == record.pid() && record.birth().endsWith(":" + one.birth)).findFirst();
            top.ifPresent(one -> found.put(record.name(), usage(record.name(), one, all)));
        }
        totals.keySet().retainAll(found.keySet());
        return found;
    }

    private Usage usage(String name, Seen top, List<Seen> all) {
        Set<Long> tree = tree(top, all);
        long ticks = all.stream().filter(one -> tree.contains(one.pid)).mapToLong(Seen::ticks).sum();
        Total total = totals.computeIfAbsent(name, _ -> new Total());
        total.add(top.birth, ticks);
        return new Usage(total.nanos, memory(tree));
    }

    private static Set<Long> tree(Seen top, List<Seen> all) {
        Set<Long> tree = new HashSet<>(Set.of(top.pid));
        boolean more = true;
        while (more) {
            more = false;
            for (Seen one : all) {
                boolean below = tree.contains(one.parent) || one.session > 0 && one.session == top.pid;
                more |= below && tree.add(one.pid);
            }
        }
        return tree;
    }

    /** PostgreSQL's processes share their buffers: those are counted once. */
    private long memory(Set<Long> tree) {
        long own = 0;
        long file = 0;
        long shared = 0;
        for (long pid : tree) {
            String status = read(proc.resolve(Long.toString(pid)).resolve("status")).orElse("");
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

    private List<Seen> all() {
        List<Seen> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                read(entry.resolve("stat")).flatMap(stat -> parse(Long.parseLong(entry.getFileName().toString()), stat)).ifPresent(found::add);
            }
        } catch (IOException e) {
            return List.of();
        }
        return found;
    }

    private static Optional<Seen> parse(long pid, String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
            return Optional.empty();
        }
        long ticks = 0;
        for (int i = OWN_USER; i < OWN_USER + 4; i++) {
            ticks += Long.parseLong(fields[i]); // user and system, its own and of children that have ended
        }
        return Optional.of(new Seen(pid, Long.parseLong(fields[PARENT]), Long.parseLong(fields[SESSION]), fields[START], ticks));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
