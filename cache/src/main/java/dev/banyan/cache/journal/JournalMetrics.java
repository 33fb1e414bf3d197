package dev.banyan.cache.journal;

import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.util.function.Supplier;

/** The journal's figures in the registry. */
final class JournalMetrics {
    final Counter appended;
    final Counter applied;
    final Counter coalesced;
    final Counter deadLetters;
    final Counter retries;
    final Histogram forces;
    final Histogram batches;
    private final Registry registry;

    JournalMetrics(Registry registry) {
        this.registry = registry;
        appended = counter("banyan_journal_appended_total", "Writes put into the write-behind journal on disk, and so acknowledged.");
        applied = counter("banyan_journal_applied_total", "Writes of the journal that the database got, those it refused included.");
        coalesced = counter("banyan_journal_coalesced_total", "Writes that went to the database together with another one to the same row.");
        deadLetters = counter("banyan_journal_dead_letters_total", "Rows whose writes the database refused: they are in banyan.dead_letters.");
        retries = counter("banyan_journal_retries_total", "Attempts to apply a batch, or to reach the database, that failed and are made again.");
        forces = registry.histogram("banyan_journal_force_seconds", "Putting a group of writes on disk: writing and forcing it.", Labels.NONE);
        batches = registry.histogram("banyan_journal_batch_seconds", "Applying a batch to the database, from its first statement to its commit.", Labels.NONE);
    }

    private Counter counter(String name, String help) {
        return registry.counter(name, help, Labels.NONE);
    }

    /** Appends that failed, by why: full, disk, size, closed. */
    Counter refused(String why) {
        return registry.counter("banyan_journal_refused_total", "Writes that were not taken into the journal, and so not acknowledged, by why.", Labels.of("why", why));
    }

    void watch(Supplier<Figures> figures) {
        registry.gauge("banyan_journal_bytes", "Bytes of writes in the journal that the database does not have.", Labels.NONE, () -> figures.get().bytes());
        registry.gauge("banyan_journal_writes", "Writes in the journal that the database does not have.", Labels.NONE, () -> figures.get().writes());
        registry.gauge("banyan_journal_lag_seconds", "How long the oldest write in the journal waits for the database; 0 when there is none.", Labels.NONE, () -> figures.get().lag().toNanos() / 1e9);
    }
}
