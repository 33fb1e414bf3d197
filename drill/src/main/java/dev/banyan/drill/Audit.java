package dev.banyan.drill;

import dev.banyan.net.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/** Looks for every write of a ledger in the site, some at a time. Safe for any thread. */
public final class Audit {
    /** How often a write is looked for before it counts as lost, doubled or unchecked: a replica may be behind, a server just starting. */
    static final int LOOKS = 4;

    private static final int AT_A_TIME = 16;
    private static final int MOST_EXAMPLES = 10;

    private final Checker checker;
    private final Clock clock;
    private final Duration pause;
    private final Semaphore places = new Semaphore(AT_A_TIME);
    private final List<String> examples = new ArrayList<>();
    private long acknowledged;
    private long lost;
    private long doubled;
    private long unchecked;
    private long unacknowledged;
    private long unacknowledgedThere;

    /** Finds one write in the site. */
    public interface Checker {
        /** How often the write is there; empty when that cannot be found out now. May block. */
        OptionalInt copies(Ledger.Write write) throws InterruptedException;
    }

    private Audit(Checker checker, Clock clock, Duration pause) {
        this.checker = checker;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Audits a whole ledger; blocks.
     *
     * @param workers runs the checks
     * @param pause between two looks for the same write; the second pause is twice as long, the third four times
     * @throws dev.banyan.topology.BanyanException DISK, when the ledger cannot be read
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static AuditReport of(Path ledger, Checker checker, ExecutorService workers, Clock clock, Duration pause) throws InterruptedException {
        Audit audit = new Audit(checker, clock, pause);
        Interrupt interrupt = new Interrupt();
        Ledger.read(ledger, write -> audit.start(write, workers, interrupt));
        if (interrupt.happened) {
            throw new InterruptedException("the audit of " + ledger + " was interrupted");
        }
        audit.places.acquire(AT_A_TIME);
        return audit.report();
    }

    private static final class Interrupt {
        private boolean happened;
    }

    private void start(Ledger.Write write, ExecutorService workers, Interrupt interrupt) {
        if (interrupt.happened) {
            return;
        }
        try {
            places.acquire();
        } catch (InterruptedException e) {
            interrupt.happened = true;
            return;
        }
        workers.execute(() -> {
            try {
                count(write, look(write));
            } finally {
                places.release();
            }
        });
    }

    private OptionalInt look(Ledger.Write write) {
        OptionalInt copies = OptionalInt.empty();
        try {
            Duration wait = pause;
            for (int i = 1; i <= LOOKS; i++) {
                copies = checker.copies(write);
                if (i == LOOKS || settled(write, copies)) {
                    break;
                }
                clock.sleep(wait);
                wait = wait.multipliedBy(2);
            }
        } catch (InterruptedException e) {
            return OptionalInt.empty();
        }
        return copies;
    }

    private static boolean settled(Ledger.Write write, OptionalInt copies) {
        return copies.isPresent() && (copies.getAsInt() == 1 || !write.acknowledged() && copies.getAsInt() == 0);
    }

    private synchronized void count(Ledger.Write write, OptionalInt copies) {
        if (write.acknowledged()) {
            acknowledged++;
        } else {
            unacknowledged++;
        }
        if (copies.isEmpty()) {
            unchecked++;
            example("unchecked", write);
        } else if (copies.getAsInt() > 1) {
            doubled++;
            example("there " + copies.getAsInt() + " times", write);
        } else if (copies.getAsInt() == 0 && write.acknowledged()) {
            lost++;
            example("lost", write);
        }
        if (!write.acknowledged() && copies.orElse(0) > 0) {
            unacknowledgedThere++;
        }
    }

    private void example(String fate, Ledger.Write write) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(fate + ": " + write.kind() + " " + write.where() + " of " + write.key() + " " + write.about());
        }
    }

    private synchronized AuditReport report() {
        return new AuditReport(acknowledged, lost, doubled, unchecked, unacknowledged, unacknowledgedThere, examples);
    }
}
