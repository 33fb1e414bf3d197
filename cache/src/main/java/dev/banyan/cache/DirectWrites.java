package dev.banyan.cache;

import dev.banyan.cache.Entries.Lease;
import dev.banyan.cache.Loads.Loading;
import dev.banyan.cache.RowWrites.Written;
import dev.banyan.cache.WriteCommand.Outcome;
import dev.banyan.resp.NodeDown;
import dev.banyan.topology.CacheKeys.Strategy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Write-around and write-through: the database first, and before the answer the entry goes, or becomes the new value. Blocks. Safe for any
 * thread.
 *
 * <p>Write-through puts a lease in the entry's place while its transaction holds the row's lock, and stores the value if the lease is still there
 * after the commit: whoever writes the row afterwards is told of by the log after that, and breaks the lease or takes the value away.
 */
final class DirectWrites {
    private static final Duration LEASED = Duration.ofSeconds(2);

    private final RowWrites writer;
    private final Bindings bindings;
    private final Loading all;
    private final Eviction eviction;

    DirectWrites(RowWrites writer, Bindings bindings, Loading all, Eviction eviction) {
        this.writer = writer;
        this.bindings = bindings;
        this.all = all;
        this.eviction = eviction;
    }

    /**
     * Writes one row.
     *
     * @throws Refused when the database refuses it, or nobody knows whether it took it
     */
    Outcome write(CacheKey key, Bound bound, List<String> parts, WriteCommand command) {
        Through through = new Through(key);
        try {
            boolean puts = key.rule().strategy() == Strategy.WRITE_THROUGH && bound.tellsCanonical();
            Written written = writer.write(bound, parts, command, puts ? through::lease : _ -> {});
            written.xid().ifPresent(xid -> told(key, xid, written, through));
            return written.outcome();
        } catch (SQLException e) {
            if (SqlErrors.changedShape(e)) {
                bindings.forget(key.rule());
            }
            through.release();
            throw SqlErrors.broken(e) ? new Refused("ERR the connection to the database was lost: nobody knows whether '" + key.rule().prefix() + "' was written ("
                    + SqlErrors.text(e) + ", SQLSTATE " + SqlErrors.state(e) + "); read it, and write again") : SqlErrors.refused(key.rule(), "a write", e);
        }
    }

    private void told(CacheKey key, int xid, Written written, Through through) {
        if (!through.store(xid, written.value())) {
            through.release();
            eviction.evict(key, xid);
        }
    }

    /** One write through to the node. Used once. */
    private final class Through {
        private final CacheKey key;
        private Entry lease;

        Through(CacheKey key) {
            this.key = key;
        }

        /** A node that is down does not keep a write from being done. */
        void lease(int xid) {
            long now = all.clock().now().toEpochMilli();
            Lease wish = new Lease(all.truth().generation(key.rule()), all.random().nextLong() | 1, now, now + LEASED.toMillis());
            try {
                lease = Waiting.on(all.entries().leaseFor(key, xid, wish), all.answer());
            } catch (NodeDown | Refused e) {
                lease = null;
            }
        }

        /** The transaction was not committed, or nobody knows: nobody need wait for its value, and what was loaded before is not known to be old. */
        void release() {
            eviction.forget(key);
            if (lease != null) {
                Entry gone = new Entry(Entry.State.GONE, lease.generation(), 0, lease.atMillis(), 0, lease.xids(), new byte[0]);
                all.entries().replace(key, lease, gone, NodeEntries.GONE_KEPT.toMillis());
            }
        }

        /** Whether the node has the value now. */
        boolean store(int xid, Optional<byte[]> value) {
            if (lease == null || all.owed().holds(key)) {
                return false;
            }
            all.truth().recent().note(key, xid);
            eviction.forget(key);
            Keeping keeping = value.isPresent() ? Keeping.ofValue(key.rule(), all.random()) : new Keeping(key.rule().declared().missing().toMillis(), Long.MAX_VALUE);
            if (!keeping.keeps()) {
                return false;
            }
            Entry entry = keeping.entry(lease.generation(), value, all.clock().now().toEpochMilli(), lease.xids());
            try {
                return Waiting.on(all.entries().replace(key, lease, entry, keeping.keptMillis()), all.answer());
            } catch (NodeDown | Refused e) {
                return false;
            }
        }
    }
}
