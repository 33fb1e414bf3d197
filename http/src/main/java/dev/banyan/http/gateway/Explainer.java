package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.LocalAnswer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Follows one request through the gateway as {@link Passage} does, asks no check and counts nothing, and says what it finds. */
final class Explainer {
    private static final byte[] NO_ID = HeadBuffer.ascii("0".repeat(32));

    private final RouteTable table;
    private final Call call;
    private final RandomGenerator random;
    private final long nowNanos;
    private final RouteSearch search = new RouteSearch();

    Explainer(RouteTable table, Call call, RandomGenerator random, long nowNanos) {
        this.table = table;
        this.call = call;
        this.random = random;
        this.nowNanos = nowNanos;
    }

    Explanation explain() {
        search.begin(call.head());
        Passage passage = new Passage(random);
        LocalAnswer answer = passage.unasked(table, call, NO_ID);
        RouteRule rule = passage.rule();
        boolean reached = answer == null || !rule.name().isEmpty();
        return new Explanation(
                reached ? considered(rule) : List.of(),
                rule.name(),
                answer == null ? "" : text(answer),
                answer == null ? checks(passage, rule) : List.of(),
                answer != null ? "" : rule.folder() != null ? "" : passage.service(),
                answer == null ? target(passage) : "",
                answer == null ? passage.mirror() : "",
                edits(call.request()),
                edits(call.response()));
    }

    private List<Explanation.Considered> considered(RouteRule taken) {
        List<Explanation.Considered> all = new ArrayList<>();
        for (RouteRule rule : table.rules()) {
            if (rule == taken) {
                all.add(new Explanation.Considered(rule.name(), true, "the first that takes it" + (rule.folder() != null ? "; files of " + rule.folder().rule().folder() + " are the answers" : "")));
                break;
            }
            Optional<String> refusal = rule.refusal(search, table.ignoresCase());
            all.add(new Explanation.Considered(rule.name(), false, refusal.orElse("it takes the request, but not the preflight for it")));
        }
        return all;
    }

    private List<String> checks(Passage passage, RouteRule rule) {
        return Stream.concat(Arrays.stream(rule.checks()), Arrays.stream(rule.serviceChecks()[passage.chosen()])).map(check -> check.explain(call, nowNanos)).toList();
    }

    private String target(Passage passage) {
        if (passage.rewritten()) {
            return new String(passage.target().bytes(), 0, passage.target().length(), StandardCharsets.ISO_8859_1);
        }
        String target = new String(call.head().bytes(), call.head().pathStart(), call.head().targetEnd() - call.head().pathStart(), StandardCharsets.ISO_8859_1);
        return target.startsWith("/") || target.startsWith("*") ? target : "/" + target;
    }

    private static String text(LocalAnswer answer) {
        return answer.status() + " " + answer.fields().stream().filter(field -> field.name().equals("Location")).map(field -> field.value()).findFirst().orElse(answer.reason());
    }

    private static List<String> edits(FieldEdits edits) {
        return Stream.concat(edits.removed().stream().map(name -> "- " + name), edits.added().stream().map(line -> "+ " + line.name() + ": " + line.value())).toList();
    }
}
