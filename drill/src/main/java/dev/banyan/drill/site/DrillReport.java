package dev.banyan.drill.site;

import dev.banyan.drill.AuditReport;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a drill found.
 *
 * @param drill its name
 * @param hypothesis what was to hold, in a sentence with its numbers
 * @param stage at which the site was
 * @param fault what was done, as {@code kill web-2}; empty when it did not come to that
 * @param before the steady state that was measured first
 * @param during what users got from the fault on
 * @param times after the fault
 * @param writes what became of every write of the load
 * @param doublePrimaries times that two servers took writes at once
 * @param watched answers of the database's servers to the question whether they take writes; 0 when there was none to ask
 * @param staleReads reads that did not show their own session's write
 * @param ownReads reads that might have; 0 when there was no database to ask
 * @param stalePages pages, by the public address, that did not show what their user had just changed
 * @param ownPages pages that might have; 0 when none is known that shows such a thing
 * @param reason why it was aborted; else empty
 * @param checks what was promised, one by one
 * @param examples a sentence for each of the first findings
 */
public record DrillReport(
        String drill, String hypothesis, int stage, String fault, Steady before, During during, Times times, AuditReport writes, long doublePrimaries, long watched, long staleReads, long ownReads,
        long stalePages, long ownPages, Verdict verdict, String reason, List<Check> checks, List<String> examples) {

    public DrillReport {
        checks = List.copyOf(checks);
        examples = List.copyOf(examples);
    }

    public enum Verdict {
        /** All that was promised was held. */
        HELD,
        /** Something was not. */
        FAILED,
        /** It was ended early: the error budget was used up, or somebody asked. */
        ABORTED
    }

    /** The steady state before: what "as before" means. Milliseconds from when a request was due. */
    public record Steady(double seconds, long requests, long failed, double p50Ms, double p99Ms) {}

    /**
     * From the fault to the end of the load.
     *
     * @param requests that ended
     * @param writes those of them that change something
     * @param failed those that failed
     * @param pardoned those of the failed that the promise does not count
     * @param failedByKind as {@code status_503}
     * @param slowestMs the longest that one took from when it was sent
     * @param slowestWriteMs the longest of a write
     */
    public record During(double seconds, long requests, long writes, long failed, long pardoned, SortedMap<String, Long> failedByKind, double p50Ms, double p99Ms, double slowestMs, double slowestWriteMs) {
        public During {
            failedByKind = Collections.unmodifiableSortedMap(new TreeMap<>(failedByKind));
        }
    }

    /**
     * Milliseconds from the fault; empty when it did not happen.
     *
     * @param detected the first Decision after it
     * @param decided the Decision that mends
     * @param ended the fault was over
     * @param served users were served as before for good
     * @param whole all servers were up
     * @param healed both
     * @param detectedBy what the first Decision was
     * @param decidedBy what the mending one was
     */
    public record Times(OptionalDouble detected, OptionalDouble decided, OptionalDouble ended, OptionalDouble served, OptionalDouble whole, OptionalDouble healed, Optional<String> detectedBy,
            Optional<String> decidedBy) {}

    /** One promise: {@code no two primaries}, whether it was held, and what was seen. */
    public record Check(String what, boolean held, String seen) {}

    public boolean passed() {
        return verdict == Verdict.HELD;
    }

    /** 0 when it held, 1 when not. */
    public int exitCode() {
        return passed() ? 0 : 1;
    }

    /** A table to read. */
    public String table() {
        return new DrillTable(this).text();
    }

    /** One JSON object; docs/drills.md lists its keys, which are added and never renamed. */
    public String json() {
        return DrillJson.of(this).toPrettyString();
    }
}
