package dev.banyan.sim;

import dev.banyan.control.database.DatabaseDoor;
import dev.banyan.control.database.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** The router and its clients: they commit at the primary it was told, and remember what was acknowledged. A connection outlives the view it was made in, but not its epoch. */
final class ModelRouter implements DatabaseDoor {
    private final Calendar calendar;
    private final ModelServers servers;
    private final SplittableRandom random;
    final Set<Integer> acknowledged = new HashSet<>();
    private final List<String> wrongs = new ArrayList<>();
    View view = new View(0, Optional.empty(), List.of(), false);
    /** The primary that clients are connected to, and the epoch of that connection. */
    private String connected = "";
    private long connection;
    boolean held;
    private int commits;
    long lastAcknowledged;

    ModelRouter(Calendar calendar, ModelServers servers, SplittableRandom random) {
        this.calendar = calendar;
        this.servers = servers;
        this.random = random;
    }

    @Override
    public void use(View next) {
        if (next.epoch() > view.epoch()) {
            connected = "";
        }
        view = next;
        next.primary().ifPresent(primary -> {
            connected = primary.name();
            connection = next.epoch();
            check("the router uses " + primary.name() + " in epoch " + next.epoch());
        });
    }

    @Override
    public Held hold(Duration atMost) {
        held = true;
        calendar.pass(Duration.ofMillis(1 + random.nextInt(30)));
        return new Held(random.nextInt(10) == 0 ? 1 : 0);
    }

    @Override
    public void release() {
        held = false;
    }

    /** Its process was killed with control's. */
    void killed() {
        connected = "";
        held = false;
        view = new View(view.epoch(), Optional.empty(), List.of(), false);
    }

    /** A client commits; it may use a connection it has, though the router has no primary for new ones. */
    void commit() {
        boolean open = view.primary().isPresent() && !held || random.nextInt(4) == 0;
        ModelPostgres at = servers.find(connected);
        if (!open || at == null || !at.works() || at.standby) {
            return;
        }
        at.log.add(++commits);
        if (at.waitsFor.isEmpty() || servers.flaw == Flaw.COMMITS_DO_NOT_WAIT) {
            acknowledge(at, commits, connection);
        } else {
            at.waiting.add(new ModelPostgres.Waiting(commits, at.log.size(), connection));
        }
    }

    /** A standby has confirmed what it has. */
    void confirmed(ModelPostgres at, ModelPostgres standby) {
        if (at.waitsFor.contains(standby.name)) {
            answer(at, standby.log.size());
        }
    }

    /** Commits wait for no standby any more. */
    void answer(ModelPostgres at, int length) {
        while (!at.waiting.isEmpty() && at.waiting.getFirst().length() <= length) {
            ModelPostgres.Waiting first = at.waiting.removeFirst();
            acknowledge(at, first.commit(), first.connection());
        }
    }

    private void acknowledge(ModelPostgres at, int commit, long over) {
        if (!at.name.equals(connected) || over != connection) {
            return;
        }
        acknowledged.add(commit);
        lastAcknowledged = calendar.nanos();
        view.primary().filter(primary -> !primary.name().equals(at.name)).ifPresent(primary ->
                wrongs.add(at.name + " acknowledged commit " + commit + " while the router uses " + primary.name()));
    }

    /** Every acknowledged commit is at the primary in use. */
    void check(String when) {
        ModelPostgres primary = view.primary().map(p -> servers.find(p.name())).orElse(null);
        if (primary != null && primary.whole && !primary.hasAll(acknowledged)) {
            Set<Integer> missing = new HashSet<>(acknowledged);
            primary.log.forEach(missing::remove);
            wrongs.add(when + ": it has not " + missing.size() + " of " + acknowledged.size() + " acknowledged commits");
        }
    }

    List<String> wrongs() {
        return wrongs;
    }
}
