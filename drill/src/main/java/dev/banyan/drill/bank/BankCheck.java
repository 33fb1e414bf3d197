package dev.banyan.drill.bank;

import dev.banyan.drill.Gaps;
import dev.banyan.drill.Ledger;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Moves money and fills a set through one address while the servers behind it are broken, and then looks: every write that was acknowledged is
 * there, none that was refused is, the money adds up, and no two servers took writes at the same time.
 */
public final class BankCheck {
    private static final String NO_SUCH_TABLE = "42P01";
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    /** For the last writes; longer than a worker waits for an answer. */
    private static final long END_SECONDS = 90;

    private final BankOptions options;
    private final Bank bank;
    private final Optional<Ledger> ledger;
    private final Loops loops;
    private final Clock clock;
    private final Consumer<String> progress;
    private final Outcomes outcomes = new Outcomes();
    private final Gaps gaps = new Gaps();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Watchers watchers;
    private final List<Strike> strikes = new ArrayList<>();
    private long startNanos;
    private long lineNanos;

    private BankCheck(BankOptions options, Bank bank, Optional<Ledger> ledger, Supplier<List<Server>> servers, Loops loops, Clock clock, Consumer<String> progress) {
        this.options = options;
        this.bank = bank;
        this.ledger = ledger;
        this.loops = loops;
        this.clock = clock;
        this.progress = progress;
        this.watchers = new Watchers(servers, options.allowRemote(), loops, clock, over::get);
    }

    /** A fault, and when all was well again; {@code healed} tells whether it was. */
    private record Strike(String what, long atNanos, long wholeNanos, boolean healed) {}

    /**
     * Runs the check in tables of its own, which it makes and takes away. Blocks until all is done.
     *
     * @param fault breaks the servers behind the URL
     * @param servers all that there are now, to be asked directly; asked again and again, for there may be new ones
     * @param random makes the workers' choices
     * @param progress gets a line every five seconds and one for each fault
     * @throws BanyanException USAGE, when an option is out of bounds or a server is remote without a reason; ENGINE_FAILED, when the database
     *     cannot be used at all; DISK, when the ledger cannot be written
     */
    public static BankReport run(
            BankOptions options, Fault fault, Supplier<List<Server>> servers, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        options.check();
        return run(options, new JdbcBank(options), fault, servers, loops, clock, random, progress);
    }

    static BankReport run(
            BankOptions options, Bank bank, Fault fault, Supplier<List<Server>> servers, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        Optional<Ledger> ledger = options.ledger().map(Ledger::open);
        try {
            return new BankCheck(options, bank, ledger, servers, loops, clock, progress).run(fault, random);
        } catch (SQLException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the database cannot be used for the check: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.TIMED_OUT, "the check was interrupted before it could report", e);
        } finally {
            ledger.ifPresent(Ledger::close);
        }
    }

    private BankReport run(Fault fault, RandomGenerator random) throws SQLException, InterruptedException {
        bank.prepare(options.accounts());
        startNanos = clock.nanos();
        lineNanos = startNanos;
        List<Future<?>> workers = new ArrayList<>();
        try {
            watchers.look();
            for (int i = 0; i < options.workers(); i++) {
                workers.add(loops.blocking().submit(new Worker(bank, options, outcomes, gaps, ledger, clock, Loops.random(random.nextLong()), over::get)));
            }
            strikeAll(fault);
        } finally {
            over.set(true);
            await(workers);
        }
        double seconds = seconds(startNanos, clock.nanos());
        BankAudit audit = audited();
        bank.remove();
        return report(seconds, audit.found());
    }

    /** A bank that is gone with its tables is one that has lost everything, and no reason not to report. */
    private BankAudit audited() throws SQLException {
        BankAudit audit = new BankAudit(outcomes);
        try {
            bank.read(audit);
            return audit;
        } catch (SQLException e) {
            if (!NO_SUCH_TABLE.equals(e.getSQLState())) {
                throw e;
            }
            BankAudit empty = new BankAudit(outcomes);
            empty.gone(e.getMessage());
            return empty;
        }
    }

    private void strikeAll(Fault fault) throws InterruptedException {
        if (options.faults() == 0) {
            untilWritten(clock.nanos(), options.duration());
            goOn(options.duration());
            return;
        }
        untilWritten(clock.nanos(), options.limit());
        for (int number = 1; number <= options.faults() && (strikes.isEmpty() || strikes.getLast().healed()); number++) {
            goOn(options.pause());
            strike(fault, number);
        }
        goOn(options.pause());
    }

    private void strike(Fault fault, int number) throws InterruptedException {
        long atNanos = clock.nanos();
        String what = fault.strike(number);
        long struckNanos = clock.nanos();
        // What each worker has under way now may still be acknowledged by the server that was struck.
        long before = gaps.count();
        boolean healed = until(() -> fault.whole() && gaps.count() > before + options.workers(), options.limit());
        strikes.add(new Strike(what, atNanos, clock.nanos(), healed));
        long withoutWrites = gaps.longest(atNanos, clock.nanos());
        progress.accept(String.format("fault %d of %d: %s (%d ms): %s, %d ms without writes", number, options.faults(), what, (struckNanos - atNanos) / 1_000_000,
                healed ? "whole after " + (clock.nanos() - atNanos) / 1_000_000 + " ms" : "NOT WHOLE after " + options.limit().toSeconds() + " s", withoutWrites / 1_000_000));
    }

    private void untilWritten(long fromNanos, Duration atMost) throws InterruptedException {
        if (!until(() -> gaps.count() > 0, atMost)) {
            progress.accept("nothing was acknowledged within " + seconds(fromNanos, clock.nanos()) + " s: " + outcomes.failures());
        }
    }

    private void goOn(Duration time) throws InterruptedException {
        until(() -> false, time);
    }

    private interface Question {
        boolean yes() throws InterruptedException;
    }

    /** Asks until the answer is yes or the time is over, and meanwhile watches new servers and tells how it goes. */
    private boolean until(Question question, Duration atMost) throws InterruptedException {
        long deadline = clock.nanos() + atMost.toNanos();
        while (!question.yes()) {
            long now = clock.nanos();
            if (now - deadline >= 0) {
                return false;
            }
            watchers.look();
            if (now - lineNanos > LINE_EVERY.toNanos()) {
                lineNanos = now;
                progress.accept(String.format("%.0f s: %d writes acknowledged of %d, %d faults", seconds(startNanos, now), gaps.count(), outcomes.sent(), strikes.size()));
            }
            clock.sleep(LOOK_EVERY);
        }
        return true;
    }

    private static void await(List<Future<?>> workers) throws InterruptedException {
        for (Future<?> worker : workers) {
            try {
                worker.get(END_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                worker.cancel(true); // its write stays one without an answer
            } catch (ExecutionException e) {
                throw new IllegalStateException("a worker of the check failed", e.getCause());
            }
        }
    }

    private BankReport report(double seconds, BankAudit.Found found) {
        List<BankReport.Struck> struck = strikes.stream()
                .map(strike -> new BankReport.Struck(strike.what(), seconds(startNanos, strike.atNanos()), gaps.longest(strike.atNanos(), strike.wholeNanos()) / 1e6,
                        seconds(strike.atNanos(), strike.wholeNanos()), strike.healed()))
                .toList();
        List<String> doubles = watchers.doubles();
        List<String> examples = new ArrayList<>(found.examples());
        examples.addAll(doubles.subList(0, Math.min(10, doubles.size())));
        return new BankReport(options.workers(), seconds, outcomes.sent(), found.acknowledged(), found.lost(), found.refused(), found.ghosts(), found.unknown(),
                found.unknownThere(), found.strangers(), found.drift(), found.wrongAccounts(), doubles.size() + found.doubleTimelines(), watchers.answers(), outcomes.failures(),
                struck, options.faults(), examples);
    }

    private static double seconds(long from, long until) {
        return (until - from) / 1e9;
    }
}
