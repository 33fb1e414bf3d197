package dev.banyan.control;

import dev.banyan.control.Observed.Databases;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.control.database.DatabaseStatus;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A running site, and the only way to change it. One move at a time: a second request is refused with the name of the first. Thread-safe.
 */
public final class Site implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final Journal journal;
    private final Ports ports;
    private final ExecutorService work;
    private final Roster roster = new Roster();
    private final Supervisor supervisor;
    private final DatabaseCluster database;
    private Wanted wanted;
    private Move current;
    private Future<?> running;
    private long moves;
    private boolean closed;

    /**
     * A site that stands still; {@link Request.Up} starts it.
     *
     * @param work a thread for each move; may block
     */
    public Site(Topology file, Journal journal, Ports ports, ExecutorService work) {
        this.journal = journal;
        this.ports = ports;
        this.work = work;
        this.supervisor = new Supervisor(roster, ports);
        this.database = new DatabaseCluster(ports.database(), ports.later(), ports.clock(), ports.decisions(),
                record -> roster.change(was -> was.with(new Databases(was.database().run(), Optional.of(record)))));
        roster.change(was -> was.with(new Databases(false, ports.database().store().read())));
        Resumption resumption = Resumption.of(file, journal.remembered());
        this.wanted = resumption.wanted();
        resumption.why().ifPresent(reason -> ports.decide(reason.what(), reason.why(), reason.seen()));
    }

    /** What runs now. */
    public Observed observed() {
        return roster.now();
    }

    /** What shall run: the last committed site, or at the first start the one to come. */
    public synchronized Wanted wanted() {
        return wanted;
    }

    /** The move that is under way. */
    public synchronized Optional<Move> current() {
        return Optional.ofNullable(current);
    }

    /**
     * The steps a request would take now. Nothing is done.
     *
     * @throws BanyanException USAGE when the request makes no sense for this site now; the message says what does
     */
    public Plan plan(Request request) {
        Wanted now = wanted();
        return switch (request) {
            case Request.Up() -> Course.to(Plan.Kind.UP, now, roster.now());
            case Request.To(var stage) -> Course.to(direction(now.stage(), stage), now.at(stage), roster.now());
            case Request.Deploy(var service) -> Course.deploy(deployable(now, service), service, roster.now());
            case Request.SetAside(var server) -> Course.aside(known(server), false, now, roster.now());
            case Request.PutBack(var server) -> Course.aside(known(server), true, now, roster.now());
            case Request.SwitchOver(var to) -> Course.switchOver(database.candidate(to), now, roster.now());
            case Request.Apply(var file) -> Course.to(Plan.Kind.APPLY, Edited.from(now, file), roster.now());
        };
    }

    /** Begins the move a request asks for, as {@link #begin(Request, MoveEvent.Listener)}. */
    public Move begin(Request request) {
        return begin(request, _ -> {});
    }

    /**
     * Begins the move a request asks for.
     *
     * @param listener hears of this move alone, from its first event on
     * @throws BanyanException BUSY while another runs; USAGE as {@link #plan}
     */
    public synchronized Move begin(Request request, MoveEvent.Listener listener) {
        if (closed) {
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the site is stopping");
        }
        if (current != null) {
            throw new BanyanException(ErrorCode.BUSY, "a move is under way: " + current.plan().title() + " (number " + current.number()
                    + "); wait for its end, 'banyan status' shows it");
        }
        Move move = new Move(++moves, plan(request), new CompletableFuture<>());
        current = move;
        running = work.submit(() -> run(move, listener));
        return move;
    }

    /** The embedded database's servers, as they were last seen; empty when none runs. */
    public Optional<DatabaseStatus> database() {
        return database.status();
    }

    /** Stops the embedded database's servers, the primary first; for the end of the site. Does nothing when none runs. Blocks. */
    public void stopDatabase() throws InterruptedException {
        database.stop();
    }

    /** Cuts a move that is under way short. What runs goes on until whoever opened it closes it. */
    @Override
    public void close() {
        Optional<Move> cut;
        synchronized (this) {
            closed = true;
            cut = current();
            if (running != null) {
                running.cancel(true);
            }
        }
        cut.ifPresent(move -> move.outcome().completeOnTimeout(new Outcome.Stopped(move.plan()), PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    }

    private void run(Move move, MoveEvent.Listener listener) {
        Outcome outcome = new Outcome.Stopped(move.plan());
        try {
            outcome = new Mover(move.number(), move.plan(), journal, roster, ports, database, supervisor, listener).run();
        } finally {
            over(move, outcome);
        }
    }

    private void over(Move move, Outcome outcome) {
        synchronized (this) {
            current = null;
            roster.now().site().filter(move.plan().to().site()::equals).ifPresent(_ -> wanted = move.plan().to());
        }
        move.outcome().complete(outcome);
    }

    private String known(String server) {
        Observed observed = roster.now();
        List<String> names = Stream.concat(
                observed.instances().stream().filter(i -> i.state().holdsItsSlot()).map(i -> i.name().toString()),
                observed.servers().stream().map(ServiceServer::name)).toList();
        if (!names.contains(server)) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no server '" + server + "'; there are " + String.join(", ", names));
        }
        return server;
    }

    private static Plan.Kind direction(Stage from, Stage to) {
        return to.number() < from.number() ? Plan.Kind.SHRINK : Plan.Kind.GROW;
    }

    private static Wanted deployable(Wanted wanted, String service) {
        if (!wanted.services().contains(service)) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no service '" + service + "'; there are " + String.join(", ", wanted.services()));
        }
        if (wanted.site().instances(service) == 0) {
            String key = service.equals(Topology.APPLICATION) ? "application.servers" : "services." + service + ".servers";
            throw new BanyanException(ErrorCode.USAGE, "the servers of this site run already (" + key + "), so there is nothing for Banyan to deploy:"
                    + " deploy them yourself, one after the other; the front door leaves out the one that does not answer");
        }
        return wanted;
    }
}
