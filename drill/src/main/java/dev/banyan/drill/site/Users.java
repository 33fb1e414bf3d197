package dev.banyan.drill.site;

import dev.banyan.drill.EndedRequest;
import dev.banyan.drill.LoadWatch;
import dev.banyan.drill.site.DrillReport.During;
import dev.banyan.drill.site.DrillReport.Steady;
import dev.banyan.net.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What the users of a drill go through, before the fault and from it on. Safe for any thread. */
final class Users implements LoadWatch {
    private static final int EXAMPLES = 5;

    private final Pardon pardon;
    private final Clock clock;
    private final ErrorBudget budget;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> enough = new CompletableFuture<>();
    private final SortedMap<String, Long> failedByKind = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private Course before;
    private Course since;
    private long struckNanos;
    /** Until the fault is done it is not known which requests it had in hand: all that were sent by then. */
    private long doneNanos = Long.MAX_VALUE;
    private long writes;
    private long pardoned;
    private long slowestNanos;
    private long slowestWriteNanos;

    Users(Pardon pardon, double abortAbove, Clock clock) {
        this.pardon = pardon;
        this.clock = clock;
        this.budget = new ErrorBudget(abortAbove, clock.nanos());
        this.before = new Course(clock.nanos());
    }

    @Override
    public synchronized void begun() {
        before = new Course(clock.nanos());
        begun.complete(null);
    }

    /** Completes when all have joined and the first arrival comes. */
    CompletableFuture<Void> hasBegun() {
        return begun;
    }

    @Override
    public CompletableFuture<Void> enough() {
        return enough;
    }

    /** From now on it counts what the steady state is. */
    synchronized void warm() {
        before = new Course(clock.nanos());
    }

    /** From now on all counts as after the fault. */
    synchronized void strikes() {
        struckNanos = clock.nanos();
        since = new Course(struckNanos);
    }

    /** The fault is done: who asks from now on asks a site that is broken, and is pardoned nothing. */
    synchronized void struck() {
        doneNanos = clock.nanos();
    }

    @Override
    public synchronized void ended(EndedRequest request) {
        budget.ended(request.failed() && !pardoned(request, request.failure().get()), request.endedNanos());
        if (since == null || request.endedNanos() - struckNanos < 0) {
            before.ended(request.failed(), request.dueNanos(), request.endedNanos());
            return;
        }
        since.ended(request.failed(), request.dueNanos(), request.endedNanos());
        long took = request.endedNanos() - request.sentNanos();
        slowestNanos = Math.max(slowestNanos, took);
        if (request.writes()) {
            writes++;
            slowestWriteNanos = Math.max(slowestWriteNanos, took);
        }
        request.failure().ifPresent(why -> failed(request, why));
    }

    private void failed(EndedRequest request, String why) {
        failedByKind.merge(why, 1L, Long::sum);
        if (pardoned(request, why)) {
            pardoned++;
        } else if (examples.size() < EXAMPLES) {
            examples.add(String.format(Locale.ROOT, "%s (%s) failed with %s, sent %.2f s after the fault, ended %.2f s after it", request.step(), request.method(), why,
                    (request.sentNanos() - struckNanos) / 1e9, (request.endedNanos() - struckNanos) / 1e9));
        }
    }

    private boolean pardoned(EndedRequest request, String why) {
        // Who could not even ask, since every user waits for what is broken, came when they were due.
        long came = request.sentNanos() == request.endedNanos() ? request.dueNanos() : request.sentNanos();
        boolean inHand = doneNanos == Long.MAX_VALUE || came - doneNanos <= pardon.foundOut().toNanos();
        return since != null && inHand && pardon.covers(request.method(), why);
    }

    synchronized Steady steady() {
        return before.steady(clock.nanos());
    }

    /** Before the fault all, from the fault on what came after it. */
    ErrorBudget.Share failing() {
        return budget.now(clock.nanos());
    }

    /** Nanoseconds from the fault until users were served as before; empty as long as they are not. */
    synchronized OptionalLong servedAgain() {
        return since == null ? OptionalLong.empty() : since.servedAgain(before.boundMs(), clock.nanos());
    }

    synchronized During during() {
        if (since == null) {
            return new During(0, 0, 0, 0, 0, failedByKind, 0, 0, 0, 0);
        }
        Second all = since.all();
        return new During((clock.nanos() - struckNanos) / 1e9, all.requests(), writes, all.failed(), pardoned, failedByKind, all.percentileMs(50), all.percentileMs(99), slowestNanos / 1e6,
                slowestWriteNanos / 1e6);
    }

    /** A sentence for each of the first failures that are not pardoned. */
    synchronized List<String> examples() {
        return List.copyOf(examples);
    }
}
