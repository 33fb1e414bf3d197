package dev.banyan.engines;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The processes that a Banyan left behind because it was killed. To be ended by whoever has just taken the {@link SiteHold}, before
 * anything is started.
 */
public final class Orphans {
    private static final Duration APPLICATION_WAIT = Duration.ofSeconds(5);
    private static final Duration POSTGRES_WAIT = Duration.ofSeconds(30);

    private Orphans() {}

    /** Ends them all, applications first, PostgreSQL cleanly; returns how many processes there were. Blocks until none is left. */
    public static int end(StateFolder folder, Clock clock) {
        ProcessTable table = ProcessTable.ofThisMachine();
        Kin kin = Kin.of(folder, table);
        Supplier<Set<SeenProcess>> applications =
                () -> kin.find(table).stream().filter(process -> !Kin.isPostgres(process, table)).collect(Collectors.toSet());
        int ended = new Ending(applications, table, clock).gently(APPLICATION_WAIT).ended();
        ended += new Ending(() -> kin.find(table), table, clock).gently(POSTGRES_WAIT).ended();
        ProcessRecord.all(folder).forEach(record -> ProcessRecord.delete(folder, record.name()));
        return ended;
    }
}
