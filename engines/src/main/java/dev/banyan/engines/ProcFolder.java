package dev.banyan.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Linux: proc(5). A process' birth is its start in clock ticks since boot, with the boot's id. */
final class ProcFolder implements ProcessTable {
    /** Fields of /proc/PID/stat behind the command's closing bracket. */
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int FIRST_TICKS = 11;
    private static final int LAST_TICKS = 14;
    private static final int START = 19;

    private final Path proc;
    private final String boot;

    ProcFolder(Path proc) {
        this.proc = proc;
        this.boot = read(proc.resolve("sys/kernel/random/boot_id")).map(String::strip).orElse("");
    }

    /**
     * A process and what it worked.
     *
     * @param ticks user and system time, its own and of those below it that have ended and were waited for; a hundred a second (USER_HZ,
     *     which Linux tells programs whatever its own clock is: proc(5), time(7))
     */
    record Busy(SeenProcess process, long ticks) {}

    @Override
    public List<SeenProcess> all() {
        return busy().stream().map(Busy::process).toList();
    }

    /** As {@link #all}, by the same one look at each. */
    List<Busy> busy() {
        List<Busy> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, entry -> isNumber(entry.getFileName().toString()))) {
            entries.forEach(entry -> busy(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add));
        } catch (IOException e) {
            throw new UncheckedIOException("the processes in " + proc + " cannot be listed", e);
        }
        return found;
    }

    @Override
    public Optional<SeenProcess> find(long pid) {
        return busy(pid).map(Busy::process);
    }

    private Optional<Busy> busy(long pid) {
        return read(of(pid, "stat")).flatMap(stat -> parse(pid, stat));
    }

    private Optional<Busy> parse(long pid, String stat) {
        // The command stands in brackets and may itself hold brackets and spaces: the fields begin behind the last one.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
        return ended
                ? Optional.empty()
                : Optional.of(new Busy(new SeenProcess(pid, Long.parseLong(fields[PARENT]), Long.parseLong(fields[SESSION]), boot + ":" + fields[START]), ticks(fields)));
    }

    private static long ticks(String[] fields) {
        return Arrays.stream(fields, FIRST_TICKS, LAST_TICKS + 1).mapToLong(Long::parseLong).sum();
    }

    /** What /proc/PID/status says, a field a line; empty when it does not run. */
    String status(long pid) {
        return read(of(pid, "status")).orElse("");
    }

    @Override
    public Set<String> environment(long pid) {
        return read(of(pid, "environ")).map(all -> Set.copyOf(List.of(all.split("\0")).stream().distinct().toList())).orElse(Set.of());
    }

    @Override
    public Optional<Path> program(long pid) {
        return link(of(pid, "exe"));
    }

    @Override
    public String title(long pid) {
        return read(of(pid, "cmdline")).map(words -> words.replace('\0', ' ').strip()).orElse("");
    }

    @Override
    public Optional<Path> folder(long pid) {
        return link(of(pid, "cwd"));
    }

    private Path of(long pid, String name) {
        return proc.resolve(Long.toString(pid)).resolve(name);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException goneOrNotOurs) {
            return Optional.empty();
        }
    }

    private static Optional<Path> link(Path file) {
        try {
            return Optional.of(Files.readSymbolicLink(file));
        } catch (IOException goneOrNotOurs) {
            return Optional.empty();
        }
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
