package dev.banyan.drill.reads;

import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counters in memory, behind a replica that is as bad as it is told to be. */
final class MemoryStore implements Store {
    /** What is wrong with it. */
    enum Fault {
        NONE,
        /** Any read may be late, as at a replica that nobody waits for. */
        LATE_READS,
        /** Reads are right for the session's own writes, but go back and forth for others'. */
        BACK_AND_FORTH,
        /** A position that was carried is not looked at. */
        DEAF_TO_POSITIONS,
        /** Reads inside a transaction may go elsewhere. */
        TORN_TRANSACTIONS,
        /** What is rolled back stays. */
        NO_ROLLBACK
    }

    private final Fault fault;
    private AtomicLongArray now = new AtomicLongArray(0);

    MemoryStore(Fault fault) {
        this.fault = fault;
    }

    @Override
    public void prepare(int counters) {
        now = new AtomicLongArray(counters);
    }

    @Override
    public Link open() {
        return new MemoryLink();
    }

    @Override
    public boolean carries() {
        return true;
    }

    @Override
    public SortedMap<String, Long> readsByServer() {
        return new TreeMap<>();
    }

    @Override
    public void remove() {
        now = new AtomicLongArray(0);
    }

    private final class MemoryLink implements Link {
        private final SplittableRandom random = new SplittableRandom();
        private int wrote = -1;
        private boolean carried;
        private boolean inTransaction;
        /** What the transaction has written of that counter; 0 is nothing. */
        private long written;

        @Override
        public long read(int counter) {
            Thread.yield(); // As a real one would: the sessions take turns.
            long version = inTransaction && counter == wrote && written > 0 ? written : now.get(counter);
            boolean bad = switch (fault) {
                case NONE, NO_ROLLBACK -> false;
                case LATE_READS -> !inTransaction;
                case BACK_AND_FORTH -> counter != wrote && !inTransaction;
                case DEAF_TO_POSITIONS -> carried;
                case TORN_TRANSACTIONS -> inTransaction && wrote == counter;
            };
            carried = false;
            return bad && version > 0 && random.nextInt(20) == 0 ? version - 1 : version;
        }

        @Override
        public void write(int counter, long version) {
            wrote = counter;
            written = version;
            if (!inTransaction) {
                now.set(counter, version);
            }
        }

        @Override
        public void begin() {
            inTransaction = true;
            written = 0;
        }

        @Override
        public void commit() {
            inTransaction = false;
            if (written > 0) {
                now.set(wrote, written);
            }
        }

        @Override
        public void rollback() {
            if (fault == Fault.NO_ROLLBACK) {
                commit();
            }
            inTransaction = false;
        }

        @Override
        public String position() {
            return "0/1";
        }

        @Override
        public void carry(String position) {
            carried = true;
        }

        @Override
        public void close() {}
    }
}
