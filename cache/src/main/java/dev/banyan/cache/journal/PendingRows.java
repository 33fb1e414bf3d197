package dev.banyan.cache.journal;

import dev.banyan.cache.journal.Pending.Column;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The writes that the database does not have yet, folded by row and cut into batches. A batch is a stretch of the journal, so that one sequence
 * number tells what the database has; it takes writes until it has its number of rows and another row comes, or it is taken.
 *
 * <p>Adding is the committing thread's, taking and ending the applying one's; asking is anyone's and takes no lock.
 */
final class PendingRows {
    /** What a row, its entries in maps and its fold take in memory besides their texts, in bytes; measured generously. */
    private static final int ROW = 400;
    private static final int CELL = 120;
    /** Batches from disk come before those in memory: so many numbers are kept for them. */
    private static final long NUMBERS = 1L << 32;

    private final int batchRows;
    private final Map<RowKey, List<Slice>> rows = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private long lastNumber = NUMBERS;
    private long bytes;
    private long memory;
    private long writes;
    private long applied;
    private long hurryTo;
    private boolean closed;
    private Unsettled unsettled = new Unsettled(0, 0, 0);
    private volatile boolean settled;

    PendingRows(int batchRows) {
        this.batchRows = batchRows;
    }

    /** A batch's part of a row's writes. */
    private record Slice(Batch batch, Pending fold, long first, long last) {}

    /** Writes of an earlier run of which it is not known yet whether the database has them. */
    record Unsettled(long bytes, long writes, long millis) {}

    /**
     * What a batch does to a row.
     *
     * @param first the sequence number of its first write
     * @param last that of its last
     */
    record RowWork(RowKey row, Pending fold, long first, long last) {}

    /** A stretch of the journal. Guarded by the lock of its owner. */
    static final class Batch {
        private final long number;
        private final long first;
        private final long millis;
        private final long sinceNanos;
        private final List<RowKey> keys = new ArrayList<>();
        private long last;
        private long bytes;
        private long writes;
        private boolean whole;

        private Batch(long number, long first, long millis, long sinceNanos) {
            this.number = number;
            this.first = first;
            this.millis = millis;
            this.sinceNanos = sinceNanos;
        }

        long first() {
            return first;
        }

        long last() {
            return last;
        }

        long writes() {
            return writes;
        }

        int rows() {
            return keys.size();
        }
    }

    /** What there is. */
    record Sizes(long bytes, long memory, long writes, int rows, long oldestMillis, long applied) {}

    /** What an earlier run left, unless the database has it. */
    void unsettled(Unsettled left) {
        lock.lock();
        try {
            unsettled = left;
            settled = left.writes == 0;
        } finally {
            lock.unlock();
        }
    }

    boolean settled() {
        return settled;
    }

    /** Adds writes that are on disk, in order. */
    void add(List<Logged> logged, long nowNanos) {
        lock.lock();
        try {
            logged.forEach(write -> add(write, nowNanos));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(Logged write, long nowNanos) {
        RowKey key = RowKey.of(write.write());
        List<Slice> slices = rows.getOrDefault(key, List.of());
        Batch batch = batches.peekLast();
        if (batch == null || batch.whole || batch.keys.size() >= batchRows && (slices.isEmpty() || slices.getLast().batch != batch)) {
            if (batch != null) {
                batch.whole = true;
            }
            batch = new Batch(++lastNumber, write.sequence(), write.millis(), nowNanos);
            batches.addLast(batch);
        }
        put(key, slices, slices.size(), batch, write);
    }

    /** @param at where in the row's slices those of later batches begin */
    private void put(RowKey key, List<Slice> slices, int at, Batch batch, Logged write) {
        List<Slice> now = new ArrayList<>(slices);
        Pending fold = Pending.of(write.write().effect());
        if (at > 0 && slices.get(at - 1).batch == batch) {
            Slice before = slices.get(at - 1);
            Slice after = new Slice(batch, before.fold.then(fold), before.first, write.sequence());
            memory += memory(after.fold) - memory(before.fold);
            now.set(at - 1, after);
        } else {
            batch.keys.add(key);
            memory += memory(key) + memory(fold);
            now.add(at, new Slice(batch, fold, write.sequence(), write.sequence()));
        }
        rows.put(key, List.copyOf(now));
        batch.last = write.sequence();
        batch.bytes += write.bytes();
        batch.writes++;
        bytes += write.bytes();
        writes++;
    }

    /**
     * Writes that only the journal on disk has come before all others: what the database turned out not to have.
     *
     * @param has the last sequence number that the database has
     */
    void restore(List<Logged> logged, long has, long nowNanos) {
        lock.lock();
        try {
            long number = batches.isEmpty() ? lastNumber + NUMBERS : batches.getFirst().number;
            lastNumber = Math.max(lastNumber, number);
            List<Batch> restored = new ArrayList<>();
            for (Logged write : logged) {
                RowKey key = RowKey.of(write.write());
                List<Slice> slices = rows.getOrDefault(key, List.of());
                int at = (int) slices.stream().filter(slice -> slice.batch.number < number).count();
                Batch batch = restored.isEmpty() ? null : restored.getLast();
                if (batch == null || batch.keys.size() >= batchRows && (at == 0 || slices.get(at - 1).batch != batch)) {
                    batch = new Batch(number - NUMBERS + restored.size(), write.sequence(), write.millis(), nowNanos);
                    batch.whole = true;
                    restored.add(batch);
                }
                put(key, slices, at, batch, write);
            }
            restored.reversed().forEach(batches::addFirst);
            applied = has;
            unsettled = new Unsettled(0, 0, 0);
            settled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All that is pending for a row. */
    Optional<Pending> of(RowKey key) {
        return rows.getOrDefault(key, List.of()).stream().map(Slice::fold).reduce(Pending::then);
    }

    Sizes sizes() {
        lock.lock();
        try {
            long oldest = unsettled.writes > 0 ? unsettled.millis : batches.isEmpty() ? 0 : batches.getFirst().millis;
            return new Sizes(bytes + unsettled.bytes, memory, writes + unsettled.writes, rows.size(), oldest, applied);
        } finally {
            lock.unlock();
        }
    }

    /** The first batch, when it is to be applied now; from then on it takes no more writes. It stays until {@link #end}. */
    Optional<Batch> ready(long nowNanos, long delayNanos) {
        lock.lock();
        try {
            Batch batch = batches.peekFirst();
            if (batch == null || waitNanos(batch, nowNanos, delayNanos) > 0) {
                return Optional.empty();
            }
            batch.whole = true;
            return Optional.of(batch);
        } finally {
            lock.unlock();
        }
    }

    /** How long a batch is gathered for yet; 0 when it has its rows, or somebody waits for it. */
    private long waitNanos(Batch batch, long nowNanos, long delayNanos) {
        boolean now = batch.whole || batch.keys.size() >= batchRows || hurryTo >= batch.first;
        return now ? 0 : Math.max(0, delayNanos - (nowNanos - batch.sinceNanos));
    }

    /** Waits until the first batch is ready as things are, or something changes; not at all when one is ready now. */
    void awaitReady(LongSupplier nowNanos, long delayNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = batches.isEmpty() ? Long.MAX_VALUE : waitNanos(batches.getFirst(), nowNanos.getAsLong(), delayNanos);
            if (!closed && left > 0) {
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for so long, or until something changes. */
    void await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            if (!closed) {
                changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What a batch that was taken does, sorted by table and key. */
    List<RowWork> work(Batch batch) {
        return batch.keys.stream().sorted().map(key -> {
            Slice slice = rows.get(key).stream().filter(one -> one.batch == batch).findFirst().orElseThrow();
            return new RowWork(key, slice.fold, slice.first, slice.last);
        }).toList();
    }

    /** When the first write behind a batch that was taken was put on disk. */
    Optional<Long> nextMillis(Batch batch) {
        lock.lock();
        try {
            return batches.stream().filter(one -> one != batch).findFirst().map(one -> one.millis);
        } finally {
            lock.unlock();
        }
    }

    /** The database has the first batch. */
    void end(Batch batch) {
        lock.lock();
        try {
            batches.removeFirst();
            batch.keys.forEach(key -> forget(key, batch));
            bytes -= batch.bytes;
            writes -= batch.writes;
            applied = batch.last;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forget(RowKey key, Batch batch) {
        List<Slice> left = new ArrayList<>();
        for (Slice slice : rows.get(key)) {
            if (slice.batch == batch) {
                memory -= memory(key) + memory(slice.fold);
            } else {
                left.add(slice);
            }
        }
        if (left.isEmpty()) {
            rows.remove(key);
        } else {
            rows.put(key, List.copyOf(left));
        }
    }

    /** Batches up to this sequence number are not gathered for. */
    void hurry(long upTo) {
        lock.lock();
        try {
            hurryTo = Math.max(hurryTo, upTo);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the database has all up to there; false when no time is left, or it is closed. */
    boolean awaitApplied(long upTo, LongSupplier leftNanos) throws InterruptedException {
        lock.lock();
        try {
            while (!settled || !batches.isEmpty() && batches.getFirst().first <= upTo) {
                long left = leftNanos.getAsLong();
                if (closed || left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits here any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static long memory(RowKey key) {
        return ROW + key.key().stream().mapToLong(cell -> CELL + 2L * cell.value().map(String::length).orElse(0)).sum();
    }

    private static long memory(Pending fold) {
        return switch (fold) {
            case Pending.Gone() -> 0;
            case Pending.Written(boolean _, Map<String, Column> columns) -> columns.values().stream().mapToLong(PendingRows::memory).sum();
        };
    }

    private static long memory(Column column) {
        return CELL + switch (column) {
            case Column.Set(Optional<String> value) -> 2L * value.map(String::length).orElse(0);
            case Column.SetPlus(String value, var _) -> 2L * value.length();
            case Column.Plus _ -> 0;
        };
    }
}
