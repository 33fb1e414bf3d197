package dev.banyan.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each supervised process and all below it take of the machine, by its name: from Linux' /proc, by one look at all processes (proc(5)); elsewhere nothing
 * is known. Safe for any thread.
 */
public final class ProcessUse implements ProcessListener {
    private static final int PARENT = 1;
    private static final int USER_TICKS = 11;
    /** User and system time of its own, then of those below it that have ended and were waited for: so nothing that was used is forgotten. */
    private static final int LAST_TICKS = 14;
    /** USER_HZ, which Linux fixes for all that /proc tells. */
    private static final double TICKS_A_SECOND = 100;
    /** In the vector that the kernel hands each program, the kind that tells how large a page is (getauxval(3), AT_PAGESZ). */
    private static final long PAGE_SIZE = 6;

    private final Path proc;
    private final long pageBytes;
    private final Map<String, Long> roots = new ConcurrentHashMap<>();

    ProcessUse(Path proc) {
        this.proc = proc;
        this.pageBytes = pageBytes(proc);
    }

    public static ProcessUse ofThisMachine() {
        return new ProcessUse(Path.of("/proc"));
    }

    @Override
    public void heard(ProcessEvent event) {
        switch (event) {
            case ProcessEvent.Started started -> roots.put(started.name(), started.pid());
            case ProcessEvent.Exited _, ProcessEvent.Stopped _, ProcessEvent.Killed _ -> roots.remove(event.name());
            case ProcessEvent.Restarting _, ProcessEvent.Noted _ -> { /* it runs, or does not, as before */ }
        }
    }

    /**
     * What they take now.
     *
     * @return empty where the system does not tell
     */
    public Map<String, Use> look() {
        Map<Long, Seen> seen = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, entry -> Character.isDigit(entry.getFileName().toString().charAt(0)))) {
            for (Path entry : all) {
                Seen process = seen(entry);
                if (process != null) {
                    seen.put(Long.parseLong(entry.getFileName().toString()), process);
                }
            }
        } catch (IOException | RuntimeException notLinux) {
            return Map.of();
        }
        Map<Long, String> names = new HashMap<>();
        roots.forEach((name, pid) -> names.put(pid, name));
        Map<String, Use> uses = new HashMap<>();
        seen.forEach((pid, process) -> {
            String name = owner(pid, seen, names);
            if (name != null) {
                uses.merge(name, use(pid, process), Use::plus);
            }
        });
        return uses;
    }

    /** The nearest one above it that is supervised; null when there is none. */
    private static String owner(long pid, Map<Long, Seen> seen, Map<Long, String> names) {
        long at = pid;
        for (int depth = 0; depth < 64 && seen.containsKey(at); depth++) {
            String name = names.get(at);
            if (name != null) {
                return name;
            }
            at = seen.get(at).parent();
        }
        return null;
    }

    private static Seen seen(Path process) {
        String stat = text(process.resolve("stat"));
        int end = stat.lastIndexOf(')');
        if (end < 0) {
            return null;
        }
        // The command stands in brackets and may itself hold brackets and spaces: the fields begin behind the last one.
        String[] fields = stat.substring(end + 2).split(" ", LAST_TICKS + 2);
        long ticks = 0;
        for (int i = USER_TICKS; i <= LAST_TICKS; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return new Seen(Long.parseLong(fields[PARENT]), ticks / TICKS_A_SECOND);
    }

    private Use use(long pid, Seen process) {
        String[] pages = text(proc.resolve(Long.toString(pid)).resolve("statm")).split(" ");
        return pages.length < 3
                ? new Use(process.seconds(), 0, 0)
                : new Use(process.seconds(), (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * pageBytes, Long.parseLong(pages[2]) * pageBytes);
    }

    private static long pageBytes(Path proc) {
        try {
            ByteBuffer pairs = ByteBuffer.wrap(Files.readAllBytes(proc.resolve("self/auxv"))).order(ByteOrder.nativeOrder());
            while (pairs.remaining() >= 2 * Long.BYTES) {
                long kind = pairs.getLong();
                long value = pairs.getLong();
                if (kind == PAGE_SIZE) {
                    return value;
                }
            }
        } catch (IOException notLinux) {
            // Then there is nothing to measure in pages.
        }
        return 4_096;
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException goneMeanwhile) {
            return "";
        }
    }

    private record Seen(long parent, double seconds) {}

    /**
     * What a tree of processes takes.
     *
     * @param cpuSeconds processor time, user and system, since each began
     * @param own memory in RAM that each has alone, in bytes
     * @param shared the most that one of them shares with others, in bytes: PostgreSQL's processes have one cache
     */
    public record Use(double cpuSeconds, long own, long shared) {
        public long memory() {
            return own + shared;
        }

        private Use plus(Use other) {
            return new Use(cpuSeconds + other.cpuSeconds, own + other.own, Math.max(shared, other.shared));
        }
    }
}
