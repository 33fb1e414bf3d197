package dev.banyan.console;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.EventLog;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Makes moves, one at a time, and remembers the last {@value #KEPT}. Safe for any thread. */
final class Moves {
    private static final int KEPT = 20;

    private final SiteView view;
    private final Actions actions;
    private final Executor blocking;
    private final Clock clock;
    private final EventLog log;
    private final List<Consumer<MoveReport>> listeners = new CopyOnWriteArrayList<>();
    private final Deque<MoveReport> kept = new ArrayDeque<>();
    private long next = 1;
    private Site.Totals began = new Site.Totals(0, 0);

    Moves(SiteView view, Actions actions, Executor blocking, Clock clock, EventLog log) {
        this.view = view;
        this.actions = actions;
        this.blocking = blocking;
        this.clock = clock;
        this.log = log;
    }

    /** Hears of each change of a move, until the returned one is run; must not block. */
    Runnable listen(Consumer<MoveReport> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Begins a move and returns at once.
     *
     * @throws BanyanException BUSY when another runs; what {@link Actions#plan} throws
     */
    MoveReport begin(Move move, String who) {
        Plan plan = actions.plan(move);
        MoveReport begun = enter(plan, who, view.site());
        log.info("console", "a move was asked for", "who", who, "move", plan.title(), "number", begun.number());
        blocking.execute(() -> run(move, begun));
        return begun;
    }

    synchronized List<MoveReport> latest() {
        return List.copyOf(kept);
    }

    synchronized Optional<MoveReport> find(long number) {
        return kept.stream().filter(report -> report.number() == number).findFirst();
    }

    /** Counts anew what was answered since a running move began, and tells. */
    void tick(Site site) {
        running().ifPresent(report -> change(report.number(), same -> same, MoveReport.State.RUNNING, "", site));
    }

    private void run(Move move, MoveReport begun) {
        long number = begun.number();
        try {
            actions.make(move, plan -> change(number, _ -> plan, MoveReport.State.RUNNING, "", view.site()));
            end(number, MoveReport.State.DONE, "");
            log.info("console", "a move is done", "number", number, "move", begun.plan().title());
        } catch (BanyanException e) {
            end(number, MoveReport.State.FAILED, e.getMessage());
            log.error("console", "a move failed", "number", number, "move", begun.plan().title(), "error", e.getMessage());
        } catch (RuntimeException e) {
            end(number, MoveReport.State.FAILED, "internal error: " + e + "; the log has more");
            log.error("console", "a move failed by a bug", "number", number, "move", begun.plan().title(), "error", e.toString(),
                    "from", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0].toString());
        }
    }

    private synchronized Optional<MoveReport> running() {
        return Optional.ofNullable(kept.peekLast()).filter(report -> !report.isOver());
    }

    private synchronized MoveReport enter(Plan plan, String who, Site site) {
        running().ifPresent(other -> {
            throw new BanyanException(ErrorCode.BUSY, "another move runs: " + other.plan().title() + " (number " + other.number() + "); wait for its end");
        });
        double p99 = p99(site);
        MoveReport report = new MoveReport(next++, who, MoveReport.State.RUNNING, plan, "", clock.now(), Optional.empty(), 0, 0, p99, p99);
        began = site.totals();
        kept.addLast(report);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
        return report;
    }

    private void end(long number, MoveReport.State state, String problem) {
        change(number, same -> same, state, problem, view.site());
    }

    /** Listeners are told under the lock: they hear of changes in their order, and the end last. */
    private synchronized void change(long number, UnaryOperator<Plan> plan, MoveReport.State state, String problem, Site site) {
        MoveReport before = kept.peekLast();
        if (before == null || before.number() != number || before.isOver()) {
            return;
        }
        Optional<Instant> ended = state == MoveReport.State.RUNNING ? Optional.empty() : Optional.of(clock.now());
        MoveReport now = new MoveReport(number, before.who(), state, plan.apply(before.plan()), problem, before.began(), ended,
                Math.max(0, site.totals().requests() - began.requests()), Math.max(0, site.totals().failed() - began.failed()),
                before.p99BeforeMillis(), p99(site));
        kept.removeLast();
        kept.addLast(now);
        listeners.forEach(listener -> listener.accept(now));
    }

    /** What users wait: the p99 of the arrow that leaves them. */
    private static double p99(Site site) {
        return site.nodes().stream()
                .filter(node -> node.kind() == Site.Kind.USERS)
                .flatMap(users -> site.arrows().stream().filter(arrow -> arrow.from().equals(users.id())))
                .flatMap(arrow -> arrow.figures().stream())
                .mapToDouble(Figures::p99Millis)
                .max()
                .orElse(0);
    }
}
