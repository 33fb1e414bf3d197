package dev.banyan.drill;

import dev.banyan.net.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first few failed requests of each kind, so that one that fails in a long run can be looked up in the site's logs and Decisions. Of each kind,
 * as ten thousand timeouts of one outage must not hide the only 404. Safe for any thread.
 */
final class FirstFailures {
    static final int MOST_OF_A_KIND = 3;
    /** Of all kinds together. */
    static final int MOST = 30;

    private final Clock clock;
    private final Map<String, Integer> ofKind = new HashMap<>();
    private final List<LoadReport.FailedRequest> first = new ArrayList<>();

    FirstFailures(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(Request request, Outcome outcome, Failure why) {
        if (first.size() < MOST && ofKind.merge(why.key(), 1, Integer::sum) <= MOST_OF_A_KIND) {
            first.add(failed(request, outcome, why));
        }
    }

    private LoadReport.FailedRequest failed(Request request, Outcome outcome, Failure why) {
        Instant at = clock.now().truncatedTo(ChronoUnit.MILLIS);
        double tookMs = outcome.times().service() / 1e6;
        return switch (outcome) {
            case Outcome.Answered(Answer answer, Outcome.Times times) ->
                    new LoadReport.FailedRequest(at, request.step(), request.line(), why.key(), answer.status(), answer.servedBy(), tookMs);
            case Outcome.Failed failed -> new LoadReport.FailedRequest(at, request.step(), request.line(), why.key(), 0, "", tookMs);
        };
    }

    synchronized List<LoadReport.FailedRequest> list() {
        return List.copyOf(first);
    }
}
