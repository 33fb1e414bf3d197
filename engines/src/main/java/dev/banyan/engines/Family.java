package dev.banyan.engines;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * A server's process and everything below it, to be broken on purpose: killed or stopped, and let go on. It knows nothing of why, and the
 * server's supervisor does what it always does about it. Safe for any thread.
 */
public final class Family {
    private final StateFolder folder;
    private final ProcessRecord record;
    private final ProcessTable table;

    private Family(StateFolder folder, ProcessRecord record, ProcessTable table) {
        this.folder = folder;
        this.record = record;
        this.table = table;
    }

    /** Of all servers on record, those too that do not run at the moment. */
    public static List<Family> all(StateFolder folder) {
        ProcessTable table = ProcessTable.ofThisMachine();
        return ProcessRecord.all(folder).stream().map(record -> new Family(folder, record, table)).toList();
    }

    /**
     * The server of that name; empty when none is on record.
     *
     * @param name as {@code web-1}
     */
    public static Optional<Family> of(StateFolder folder, String name) {
        return all(folder).stream().filter(family -> family.name().equals(name)).findFirst();
    }

    public String name() {
        return record.name();
    }

    /** The process that the server began with. */
    public long head() {
        return record.pid();
    }

    /** Whether that very process runs; a stopped one does. */
    public boolean runs() {
        return table.find(record.pid()).filter(record::is).isPresent();
    }

    /** The same server, started anew. */
    public boolean isFollowedBy(Family other) {
        return name().equals(other.name()) && !record.equals(other.record);
    }

    /** Kills all of it at once; how many processes that were. */
    public int kill() {
        Set<SeenProcess> family = still();
        family.forEach(process -> signal(process, Signal.KILL));
        return family.size();
    }

    /** Stops all of it where it is; how many processes that were. */
    public int stop() {
        return still().size();
    }

    /** Whether one of its processes calls itself by that word. */
    public boolean has(String word) {
        return runs() && !called(word).isEmpty();
    }

    /** Stops those of its processes that call themselves by that word; how many that were. */
    public int stop(String word) {
        Set<SeenProcess> called = runs() ? called(word) : Set.of();
        called.forEach(process -> signal(process, Signal.STOP));
        return called.size();
    }

    private Set<SeenProcess> called(String word) {
        return members().stream().filter(process -> table.title(process.pid()).contains(word)).collect(Collectors.toSet());
    }

    /** Has all of it go on that is stopped; how many processes there are. */
    public int resume() {
        Set<SeenProcess> family = runs() ? members() : Set.of();
        family.forEach(process -> signal(process, Signal.CONT));
        return family.size();
    }

    /** Whether its disk can be made full: it is PostgreSQL, which fails as on a full disk where others would be killed, and the system can. */
    public boolean canFillDisk() {
        return FileLimit.available() && table.find(record.pid()).filter(head -> Kin.isPostgres(head, table)).isPresent();
    }

    /** From now on none of it, nor what it starts, can write to a file; how many processes there are. */
    public int fillDisk() {
        return limit(FileLimit::toNothing);
    }

    /** It can write to files again; how many processes there are. */
    public int emptyDisk() {
        return limit(FileLimit::lift);
    }

    /** The head first; what it started just before is found afterwards. */
    private int limit(LongPredicate change) {
        if (!runs() || !change.test(record.pid())) {
            return 0;
        }
        Set<SeenProcess> family = members();
        family.addAll(members());
        family.stream().filter(table::runs).forEach(process -> change.test(process.pid()));
        return family.size();
    }

    /** The head first, then whatever it has started until then: when nothing new is found, nothing can start any more. */
    private Set<SeenProcess> still() {
        Set<SeenProcess> stopped = new HashSet<>();
        table.find(record.pid()).filter(record::is).ifPresent(head -> {
            signal(head, Signal.STOP);
            stopped.add(head);
            boolean more = true;
            while (more) {
                Set<SeenProcess> found = members();
                found.removeAll(stopped);
                found.forEach(process -> signal(process, Signal.STOP));
                more = stopped.addAll(found);
            }
        });
        return stopped;
    }

    private Set<SeenProcess> members() {
        return new HashSet<>(Kin.of(folder, record).find(table));
    }

    /** The birth is looked at right before: the id may have gone to a stranger meanwhile. */
    private void signal(SeenProcess process, Signal signal) {
        if (table.runs(process)) {
            signal.send(process.pid());
        }
    }
}
