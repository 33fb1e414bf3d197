package dev.banyan.http.gateway.callers;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.Admission;
import dev.banyan.topology.Admission.Rule;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Whom a route lets in. The ways are asked in their order; the first in which a request shows something decides, so that nothing hangs on
 * which of two the service would have believed. Safe for any thread.
 */
final class AdmissionCheck implements Check {
    /** RFC 9213: what was made for one caller is never stored where others ask; browsers do as the service says. */
    private static final FieldLine NOT_STORED = new FieldLine("CDN-Cache-Control", "no-store");

    /** A way and what came of it so far. */
    record Counted(Way way, CallerMetrics metrics) {}

    private final Admission asked;
    private final Set<String> names;
    private final List<Counted> ways;
    private final PassedClaims passed;
    private final Failures failures;
    private final LocalAnswer nothingShown;
    private final LocalAnswer wrong;
    private final LocalAnswer denied;

    AdmissionCheck(Admission asked, List<Counted> ways, PassedClaims passed, Failures failures, String realm) {
        this.asked = asked;
        this.names = Set.copyOf(asked.names());
        this.ways = List.copyOf(ways);
        this.passed = passed;
        this.failures = failures;
        nothingShown = challenge(401, "this is for callers who show who they are", realm, "");
        wrong = challenge(401, "what was shown is not right", realm, "invalid_token");
        denied = challenge(403, "this is not for this caller", realm, "insufficient_scope");
    }

    private LocalAnswer challenge(int status, String reason, String realm, String error) {
        LocalAnswer answer = new LocalAnswer(status, reason, 0);
        String quoted = realm.replace("\\", "\\\\").replace("\"", "\\\"");
        for (Counted each : ways) {
            boolean helps = status == 401 || each.way instanceof Tokens; // 403 asks for no password (RFC 9110 section 15.5.4), but says what a token lacks
            if (helps) {
                answer = each.way.challenge(quoted, error).map(text -> new FieldLine("WWW-Authenticate", text)).map(answer::with).orElse(answer);
            }
        }
        return answer;
    }

    @Override
    public LocalAnswer check(Call call, long nowNanos) {
        call.response().set(NOT_STORED);
        passed.check(call, nowNanos);
        for (Counted each : ways) {
            Outcome outcome = each.way.ask(call, nowNanos);
            if (outcome != Outcome.ABSENT) {
                return settle(each, outcome, call, nowNanos);
            }
        }
        return asked.optional() ? null : nothingShown;
    }

    private LocalAnswer settle(Counted by, Outcome outcome, Call call, long nowNanos) {
        return switch (outcome) {
            case Outcome.Absent _ -> asked.optional() ? null : nothingShown;
            case Outcome.Known(Caller caller) -> admit(by, caller, call);
            case Outcome.Refused(Reason reason) -> {
                failures.add(call.client(), nowNanos);
                by.metrics.refused(reason);
                yield wrong;
            }
            case Outcome.Later(CompletionStage<Outcome> later) -> {
                call.await(later.thenApply(then -> (same, now) -> settle(by, then, same, now)));
                yield null;
            }
            case Outcome.Unavailable(int seconds) -> {
                by.metrics.unavailable();
                yield new LocalAnswer(503, "it cannot be told now who calls", seconds);
            }
            case Outcome.TooMany(int seconds) -> {
                by.metrics.tooMany();
                yield new LocalAnswer(429, "too much that was wrong was shown from this address", seconds);
            }
        };
    }

    private LocalAnswer admit(Counted by, Caller caller, Call call) {
        if (!letsIn(caller)) {
            by.metrics.denied();
            return denied;
        }
        by.metrics.known();
        call.identify(caller.identity());
        passed.write(caller, call);
        if (!asked.forward()) {
            ways.forEach(each -> each.way.strip(call));
        }
        return null;
    }

    @Override
    public String explain(Call call, long nowNanos) {
        String asks = "callers by " + ways.stream().map(each -> each.way.name()).collect(Collectors.joining(", ")) + (asked.optional() ? " (or nothing)" : "");
        for (Counted each : ways) {
            String shown = "; it shows a " + each.way.name();
            switch (each.way.ask(call, nowNanos)) {
                case Outcome.Absent _ -> {}
                case Outcome.Known(Caller caller) -> {
                    return asks + shown + " of " + caller.identity().name() + (letsIn(caller) ? ", who is let in" : ", whom names or claims do not let in: 403");
                }
                case Outcome.Refused(Reason reason) -> {
                    return asks + shown + " that is not right (" + reason.label() + "): 401";
                }
                case Outcome.Later _, Outcome.Unavailable _, Outcome.TooMany _ -> {
                    return asks + shown + " that cannot be told from memory";
                }
            }
        }
        return asks + "; it shows none" + (asked.optional() ? "" : ": 401");
    }

    private boolean letsIn(Caller caller) {
        return (names.isEmpty() || names.contains(caller.identity().name())) && asked.claims().stream().allMatch(rule -> holds(rule, caller));
    }

    private static boolean holds(Rule rule, Caller caller) {
        Claim claim = caller.claims().get(rule.claim());
        return claim != null && rule.is().map(claim::is).orElse(true) && rule.contains().map(claim::contains).orElse(true);
    }
}
