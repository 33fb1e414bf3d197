package dev.banyan.changes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Puts messages together to transactions, and large ones to parts of at most about {@value #PART_BYTES} bytes or {@value #PART_CHANGES} changes.
 * Owned by the reader of one session.
 */
final class Assembler {
    static final int PART_BYTES = 1 << 20;
    static final int PART_CHANGES = 10_000;

    private final PgOutput output = new PgOutput();
    private Commit commit;
    private List<Change> changes = new ArrayList<>();
    private int bytes;
    private boolean inParts;
    private long end;

    /**
     * @param message held by the rows that are made of it
     * @return what is to be told now
     * @throws BadMessage when it is none, or out of turn
     */
    Optional<Told.Part> add(byte[] message, int from) {
        return switch (output.read(message, from)) {
            case PgOutput.Message.Begin begin -> begin(begin.commit());
            case PgOutput.Message.Changed changed -> change(changed.changes(), message.length - from);
            case PgOutput.Message.End last -> end(last.end());
            case PgOutput.Message.Aside _ -> Optional.empty();
        };
    }

    /** Whether a transaction has begun and not ended. */
    boolean within() {
        return commit != null;
    }

    /** The position behind the last transaction that ended; 0 before. */
    long end() {
        return end;
    }

    private Optional<Told.Part> begin(Commit next) {
        if (commit != null) {
            throw new BadMessage("transaction " + next.xid() + " begins within transaction " + commit.xid());
        }
        commit = next;
        inParts = false;
        return Optional.empty();
    }

    private Optional<Told.Part> change(List<Change> more, int length) {
        if (commit == null) {
            throw new BadMessage("a change is in no transaction");
        }
        changes.addAll(more);
        bytes += length;
        if (bytes < PART_BYTES && changes.size() < PART_CHANGES) {
            return Optional.empty();
        }
        inParts = true;
        return Optional.of(part(0));
    }

    private Optional<Told.Part> end(long position) {
        if (commit == null) {
            throw new BadMessage("a transaction ends that has not begun");
        }
        boolean some = inParts || !changes.isEmpty();
        Optional<Told.Part> last = some ? Optional.of(part(position)) : Optional.empty();
        commit = null;
        end = position;
        return last;
    }

    private Told.Part part(long position) {
        Told.Part part = new Told.Part(commit, Collections.unmodifiableList(changes), position, bytes);
        changes = new ArrayList<>();
        bytes = 0;
        return part;
    }
}
