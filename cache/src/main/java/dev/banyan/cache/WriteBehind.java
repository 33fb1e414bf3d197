package dev.banyan.cache;

import dev.banyan.cache.Gates.Gate;
import dev.banyan.cache.WriteCommand.Cell;
import dev.banyan.cache.WriteCommand.Outcome;
import dev.banyan.cache.WriteCommand.Wanted;
import dev.banyan.cache.WriteCommand.When;
import dev.banyan.cache.journal.AppliedListener;
import dev.banyan.cache.journal.Pending;
import dev.banyan.cache.journal.RowWrite;
import dev.banyan.cache.journal.RowWrite.Effect;
import dev.banyan.cache.journal.WriteBehindJournal;
import dev.banyan.net.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Write-behind: a write is answered when the journal has it on disk; a read is the database's value with what is pending. Safe for any thread.
 *
 * <p>What a counter counts up to is kept while it is counted, so that an INCR asks nobody: until somebody else changes its row, a write of it
 * fails, or nobody counts for a while.
 */
final class WriteBehind implements AppliedListener {
    /** A read that writes on their way get in between of is tried again. */
    private static final int MOST_TRIES = 1_000;

    private final Optional<WriteBehindJournal> journal;
    private final Settling settling;
    private final Reader reader;
    private final Eviction eviction;
    private final Supplier<List<Bound>> bound;
    private final Duration answer;
    private final Gates gates;
    private final RecentOwn own = new RecentOwn();

    WriteBehind(Optional<WriteBehindJournal> journal, Settling settling, Reader reader, Eviction eviction, Supplier<List<Bound>> bound, Clock clock, Duration answer) {
        this.journal = journal;
        this.settling = settling;
        this.reader = reader;
        this.eviction = eviction;
        this.bound = bound;
        this.answer = answer;
        this.gates = new Gates(clock);
        journal.ifPresent(one -> one.onApplied(this));
    }

    private WriteBehindJournal journal() {
        return journal.orElseThrow(() -> new Refused("ERR the journal of write-behind is not open: the cache router is starting or ending"));
    }

    /** The value of a key with what is pending. Does not block. */
    CompletionStage<Optional<byte[]>> value(CacheKey key, Bound of) {
        List<String> parts = of.writtenParts(key);
        return value(key, of, parts, RowId.of(of, parts), MOST_TRIES);
    }

    private CompletionStage<Optional<byte[]>> value(CacheKey key, Bound of, List<String> parts, RowId row, int tries) {
        long stamp = settling.stamp(row);
        Optional<Pending> pending = journal().pending(row.table(), row.key());
        return reader.read(key).thenCompose(base -> {
            if (settling.stamp(row) == stamp) {
                return CompletableFuture.completedFuture(pending.isEmpty() ? base : Fold.of(of, parts, base, pending.get()));
            }
            if (tries == 0) {
                throw new Refused("ERR a value of '" + key.rule().prefix() + "' changes faster than it can be read: try again");
            }
            return value(key, of, parts, row, tries - 1);
        });
    }

    /** Writes one row; blocks until it is durable. */
    Outcome write(CacheKey key, Bound of, WriteCommand command) {
        List<String> parts = of.writtenParts(key);
        RowId row = RowId.of(of, parts);
        Gate gate = gates.enter(key);
        Outcome outcome;
        CompletableFuture<?> durable = null;
        try {
            Planned planned = command.wanted() instanceof Wanted.Add(Column column, long amount) ? counted(key, of, gate, column, amount) : planned(key, of, gate, command);
            outcome = planned.outcome;
            if (planned.effect.isPresent()) {
                durable = journal().append(new RowWrite(row.table(), row.key(), planned.effect.get()));
                gate.writing();
            }
        } finally {
            gate.leave();
        }
        await(gate, durable);
        return outcome;
    }

    private void await(Gate gate, CompletableFuture<?> durable) {
        if (durable == null) {
            return;
        }
        boolean done = false;
        try {
            durable.join();
            done = true;
        } finally {
            gate.written(done);
        }
    }

    private record Planned(Outcome outcome, Optional<Effect> effect) {}

    private Planned counted(CacheKey key, Bound of, Gate gate, Column column, long amount) {
        long before = gate.sum(column).isPresent() ? gate.sum(column).getAsLong() : asked(key, of, gate, column);
        long after;
        try {
            after = Math.addExact(before, amount);
        } catch (ArithmeticException e) {
            throw new Refused("ERR increment or decrement would overflow");
        }
        if (!column.holds(after)) {
            throw new Refused("ERR increment or decrement would overflow (column " + column.name() + " is of type " + column.type() + ")");
        }
        gate.counted(column, after);
        return new Planned(new Outcome(true, Optional.empty(), OptionalLong.of(after)), Optional.of(new Effect.Add(Map.of(column.quoted(), amount))));
    }

    private long asked(CacheKey key, Bound of, Gate gate, Column column) {
        quiet(gate);
        long version = gate.version();
        Optional<byte[]> value = Waiting.on(value(key, of), answer);
        long sum = switch (of.rule().shape()) {
            case COLUMN -> value.map(bytes -> number(new String(bytes, StandardCharsets.UTF_8))).orElse(0L);
            case HASH -> value.map(HashValue::parse).map(fields -> fields.get(column.name())).map(WriteBehind::number).orElse(0L);
            case DOCUMENT -> throw new IllegalStateException("documents do not count up");
        };
        gate.sum(column, sum, version);
        return sum;
    }

    private static void quiet(Gate gate) {
        try {
            gate.awaitQuiet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("ERR the cache router is closing");
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Refused("ERR value is not an integer or out of range");
        }
    }

    private Planned planned(CacheKey key, Bound of, Gate gate, WriteCommand command) {
        boolean conditional = command.needsOld() || command.wanted() instanceof Wanted.Delete;
        Optional<byte[]> old = Optional.empty();
        if (conditional) {
            quiet(gate);
            old = Waiting.on(value(key, of), answer);
        }
        boolean there = old.isPresent();
        Optional<Effect> effect = switch (command.wanted()) {
            case Wanted.Put(List<Cell> cells, When when) -> when == When.ALWAYS || when.holds(there) ? Optional.of(put(cells)) : Optional.empty();
            case Wanted.Clear(List<Column> columns) -> there ? Optional.of(put(columns.stream().map(column -> new Cell(column, Optional.empty())).toList())) : Optional.empty();
            case Wanted.Delete() -> there ? Optional.of(new Effect.Delete()) : Optional.empty();
            case Wanted.Add _ -> throw new IllegalStateException("counted elsewhere");
        };
        gate.noSums();
        return new Planned(new Outcome(effect.isPresent(), old, OptionalLong.empty()), effect);
    }

    private static Effect put(List<Cell> cells) {
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        for (Cell cell : cells) {
            cell.column().mustTake(cell.value());
            values.put(cell.column().quoted(), cell.value());
        }
        return new Effect.Put(values);
    }

    /** A change was told by the log: one that was not ours makes what is known of a counter old. */
    void told(CacheKey key, int xid) {
        if (!own.has(xid)) {
            gates.forgetSum(key);
        }
    }

    void tidy() {
        gates.tidy();
    }

    /** What is pending, in words. */
    Optional<String> pendingText(CacheKey key, Bound of) {
        return journal.flatMap(one -> {
            RowId row = RowId.of(of, key.parts(of.parts()));
            return one.pending(row.table(), row.key()).map(Object::toString);
        });
    }

    @Override
    public void applying(List<Row> rows) {
        settling.began(rows);
    }

    @Override
    public void applied(List<Row> rows, long xid) {
        own.add((int) xid);
        for (Row row : rows) {
            for (Bound one : bound.get()) {
                keyOf(one, row).ifPresent(key -> {
                    if (row.refused()) {
                        gates.forgetSum(key);
                    }
                    eviction.evict(key, (int) xid);
                });
            }
        }
    }

    @Override
    public void ended(List<Row> rows) {
        settling.ended(rows);
    }

    /** The key that stands for a row, if the prefix is of such rows. */
    private static Optional<CacheKey> keyOf(Bound one, Row row) {
        boolean same = one.table().filter(table -> table.quoted().equals(row.table())).isPresent()
                && one.key().stream().map(Column::quoted).toList().equals(row.key().stream().map(RowWrite.Cell::column).toList());
        return same ? Optional.of(CacheKey.of(one.rule(), row.key().stream().map(cell -> cell.value().orElse("")).toList())) : Optional.empty();
    }
}
