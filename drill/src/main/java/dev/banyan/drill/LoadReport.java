package dev.banyan.drill;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a load run found. Times are milliseconds; latencies count from the intended send time.
 *
 * @param url what was loaded
 * @param seconds from the first arrival's due time to the end of the last
 * @param arrivals how many arrivals there were; with a script each is a step of one or more requests
 * @param requests how many requests ended, those that the generator dropped included
 * @param failed how many of them failed; the sum of {@code byKind}
 * @param byKind failures by kind, as {@code timeout} or {@code status_503}
 * @param firstFailures the first few failures of each kind, in the order of their end
 * @param rpsWanted arrivals a second that were asked for, the mean of a ramp
 * @param rpsSent arrivals a second that there were, until the last one
 * @param late arrivals whose first request was sent more than 10 ms after it was meant to be
 * @param lagP99Ms how late the scheduler itself was
 * @param lagMaxMs how late it was at worst
 * @param staleRetried requests that were sent once more because a connection that had served before was closed without a byte of answer
 * @param writes what became of the acknowledged writes
 * @param steps requests by kind of step
 * @param instances answers by the name in their X-Served-By header
 * @param caches where the answers came from, when there are caches on the way that say it
 * @param interrupted whether the run was ended before its time
 * @param maxFailed how many failures were allowed
 */
public record LoadReport(
        String url, double seconds, long arrivals, long requests, long failed, SortedMap<String, Long> byKind, List<FailedRequest> firstFailures,
        double rpsWanted, double rpsSent, double p50Ms, double p90Ms, double p99Ms, double maxMs, double serviceP99Ms, long late, double lagP99Ms, double lagMaxMs, long staleRetried, AuditReport writes,
        SortedMap<String, Step> steps, SortedMap<String, Long> instances, Optional<Caches> caches, Optional<WebSockets> websockets, boolean interrupted, long maxFailed) {

    public LoadReport {
        byKind = Collections.unmodifiableSortedMap(new TreeMap<>(byKind));
        firstFailures = List.copyOf(firstFailures);
        steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
        instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
    }

    /**
     * A request that failed.
     *
     * @param at the wall clock's time of its end, to the millisecond
     * @param step its row in the table
     * @param request its method and path, without the query
     * @param kind why, as in {@code byKind}
     * @param status of the answer; 0 when none came whole
     * @param instance the answer's X-Served-By header; empty when there is none
     * @param tookMs milliseconds from the real send to its end
     */
    public record FailedRequest(Instant at, String step, String request, String kind, int status, String instance, double tookMs) {}

    /** The requests of one kind of step. */
    public record Step(long requests, long failed, double p50Ms, double p99Ms, double maxMs) {}

    /**
     * Answers by where they came from, as caches on the way said it in Cache-Status (RFC 9211).
     *
     * @param hits a cache had them
     * @param collapsed came for another request, which they waited with
     * @param forwarded the origin was asked
     * @param unsaid no cache said anything: from the origin
     */
    public record Caches(long hits, long collapsed, long forwarded, long unsaid) {
        /** The origin's share of all answers, 0 to 1. */
        public double originShare() {
            long all = hits + collapsed + forwarded + unsaid;
            return all == 0 ? 0 : (double) (forwarded + unsaid) / all;
        }
    }

    /**
     * The WebSockets that were held.
     *
     * @param wanted how many were asked for
     * @param opened how many opened
     * @param sent numbered messages sent
     * @param echoed messages that came back, in order
     * @param outOfOrder messages that came back, but not as the next one
     * @param lost messages that never came back
     * @param moved sockets that were told to go away and opened again, their messages with them
     * @param closed sockets that were closed for another reason, or broke, before the end
     * @param refusal why the first one that did not open did not; empty when all did
     */
    public record WebSockets(int wanted, int opened, long sent, long echoed, long outOfOrder, long lost, int moved, int closed, String refusal) {
        public boolean clean() {
            return opened == wanted && outOfOrder == 0 && lost == 0 && closed == 0;
        }
    }

    /** Whether the site held: no more failures than allowed, every acknowledged write there once, every WebSocket whole. */
    public boolean passed() {
        return failed <= maxFailed && writes.clean() && websockets.map(WebSockets::clean).orElse(true);
    }

    /** 0 when the site held, 1 when not. */
    public int exitCode() {
        return passed() ? 0 : 1;
    }

    /** A table to read. */
    public String table() {
        return new ReportTable(this).text();
    }

    /** One JSON object; keys are added, never renamed. */
    public String json() {
        return ReportJson.of(this);
    }
}
