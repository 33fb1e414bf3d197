package dev.banyan.drill.bank;

import dev.banyan.drill.Gaps;
import dev.banyan.drill.Ledger;
import dev.banyan.net.Clock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Writes one thing after the other until it is told to end; connects again when its connection is lost. Runs on one thread. */
final class Worker implements Runnable {
    /** After a failure, so that what fails at once is not asked for a hundred thousand times a second. */
    private static final Duration BREATH = Duration.ofMillis(10);

    private final Bank bank;
    private final BankOptions options;
    private final Outcomes outcomes;
    private final Gaps gaps;
    private final Optional<Ledger> ledger;
    private final Clock clock;
    private final RandomGenerator random;
    private final BooleanSupplier over;
    private Teller teller;
    private boolean committing;

    Worker(Bank bank, BankOptions options, Outcomes outcomes, Gaps gaps, Optional<Ledger> ledger, Clock clock, RandomGenerator random, BooleanSupplier over) {
        this.bank = bank;
        this.options = options;
        this.outcomes = outcomes;
        this.gaps = gaps;
        this.ledger = ledger;
        this.clock = clock;
        this.random = random;
        this.over = over;
    }

    @Override
    public void run() {
        try {
            while (!over.getAsBoolean()) {
                if (teller != null || connected()) {
                    write();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private boolean connected() throws InterruptedException {
        try {
            teller = bank.open();
            return true;
        } catch (SQLException e) {
            outcomes.failed("connect " + e.getSQLState());
            clock.sleep(BREATH);
            return false;
        }
    }

    private void write() throws InterruptedException {
        int id = outcomes.send();
        boolean insert = random.nextInt(100) < options.inserts();
        Optional<Long> line = ledger.map(book -> book.sent(insert ? "insert" : "transfer", Integer.toString(id), Map.of()));
        committing = insert;
        try {
            if (insert) {
                teller.insert(id);
            } else {
                teller.transfer(transfer(id), () -> committing = true);
            }
            outcomes.acknowledged(id);
            gaps.acknowledged(clock.nanos());
            line.ifPresent(number -> ledger.get().acknowledged(number, ""));
        } catch (SQLException e) {
            failed(id, e);
        }
    }

    private Teller.Transfer transfer(int id) {
        int from = random.nextInt(options.accounts());
        int to = (from + 1 + random.nextInt(options.accounts() - 1)) % options.accounts();
        return new Teller.Transfer(id, from, to, 1 + random.nextInt(10), random.nextInt(100) < options.serializable());
    }

    private void failed(int id, SQLException failure) throws InterruptedException {
        if (Verdict.of(failure, committing) == Verdict.REFUSED) {
            outcomes.refused(id);
        }
        outcomes.failed(String.valueOf(failure.getSQLState()));
        try {
            teller.rollback();
        } catch (SQLException e) {
            disconnect();
        }
        clock.sleep(BREATH);
    }

    private void disconnect() {
        if (teller != null) {
            teller.close();
            teller = null;
        }
    }
}
