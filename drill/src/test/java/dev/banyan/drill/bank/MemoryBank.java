package dev.banyan.drill.bank;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A bank in memory, that can be down, and can be made to misbehave. Safe for any thread. */
final class MemoryBank implements Bank {
    final AtomicBoolean down = new AtomicBoolean();
    private final Misdeed misdeed;
    private final long[] balances;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();
    private boolean done;
    private int port = 1;
    private int timeline = 1;

    /** What it does wrong, once, with a write that comes after the hundredth. */
    enum Misdeed {
        NONE, LOSES, REFUSES_AND_DOES, DOES_HALF, INVENTS, SAYS_NOTHING_AND_DOES, TWO_WRITERS, FORGETS_ALL
    }

    MemoryBank(int accounts, Misdeed misdeed) {
        this.balances = new long[accounts];
        this.misdeed = misdeed;
    }

    /** Another server has been promoted. */
    synchronized void promote() {
        port++;
        timeline++;
    }

    @Override
    public synchronized void prepare(int accounts) {
        java.util.Arrays.fill(balances, OPENING_BALANCE);
    }

    @Override
    public Teller open() throws SQLException {
        requireUp();
        return new MemoryTeller();
    }

    private void requireUp() throws SQLException {
        if (down.get()) {
            throw new SQLException("it is down", "08006");
        }
    }

    @Override
    public synchronized void read(Books books) throws SQLException {
        if (misdeed == Misdeed.FORGETS_ALL) {
            throw new SQLException("relation banyan_check_accounts does not exist", "42P01");
        }
        for (int i = 0; i < balances.length; i++) {
            books.account(i, balances[i]);
        }
        entries.values().forEach(books::entry);
    }

    @Override
    public void remove() {}

    private synchronized void write(Entry entry) throws SQLException {
        boolean now = !done && entries.size() > 100 && (misdeed != Misdeed.DOES_HALF || entry.amount() > 0);
        done |= now;
        switch (now ? misdeed : Misdeed.NONE) {
            case NONE, FORGETS_ALL -> commit(entry, true);
            case LOSES -> { }
            case REFUSES_AND_DOES -> {
                commit(entry, true);
                throw new SQLException("it is not done", "40001");
            }
            case SAYS_NOTHING_AND_DOES -> {
                commit(entry, true);
                throw new SQLException("the answer is lost", "08006");
            }
            case DOES_HALF -> commit(entry, false);
            case INVENTS -> {
                commit(entry, true);
                entries.put(1_000_000_000L, new Entry(1_000_000_000L, 0, 0, 0, 1, "1"));
            }
            case TWO_WRITERS -> commit(new Entry(entry.id(), entry.debit(), entry.credit(), entry.amount(), port + 7, entry.timeline()), true);
        }
    }

    private void commit(Entry entry, boolean whole) {
        balances[entry.debit()] -= entry.amount();
        balances[entry.credit()] += whole ? entry.amount() : 0;
        entries.put(entry.id(), entry);
    }

    private final class MemoryTeller implements Teller {
        @Override
        public void insert(long id) throws SQLException {
            requireUp();
            write(entry(id, 0, 0, 0));
        }

        @Override
        public void transfer(Transfer transfer, Runnable committing) throws SQLException {
            requireUp();
            committing.run();
            write(entry(transfer.id(), transfer.from(), transfer.to(), transfer.amount()));
        }

        private Entry entry(long id, int debit, int credit, long amount) {
            synchronized (MemoryBank.this) {
                return new Entry(id, debit, credit, amount, port, String.valueOf(timeline));
            }
        }

        @Override
        public void rollback() throws SQLException {
            requireUp();
        }

        @Override
        public void close() {}
    }
}
