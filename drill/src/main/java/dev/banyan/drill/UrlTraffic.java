package dev.banyan.drill;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Each arrival is one GET of the same URL. */
final class UrlTraffic implements Traffic {
    private static final String STEP = "url";

    private final Client client;
    private final Tally tally;
    private final LoadOptions options;
    private final Request request;

    UrlTraffic(Client client, Target target, Tally tally, LoadOptions options) {
        this.client = client;
        this.tally = tally;
        this.options = options;
        this.request = Request.get(STEP, target, target.path(), bodyNeeded(options));
    }

    private static Request.Body bodyNeeded(LoadOptions options) {
        if (options.expectText().isPresent()) {
            return Request.Body.KEEP;
        }
        return options.expectSha256().isPresent() ? Request.Body.HASH : Request.Body.COUNT;
    }

    @Override
    public void arrive(long intended) {
        tally.arrived(intended);
        client.send(request, intended, this::ended);
    }

    private void ended(Outcome outcome) {
        tally.sent(outcome.times());
        tally.request(request, outcome, outcome instanceof Outcome.Answered answered ? wrong(answered.answer()) : Optional.empty());
        tally.ended(outcome.times().intended(), outcome.times().ended());
    }

    private Optional<Failure> wrong(Answer answer) {
        if (answer.status() >= 400) {
            return Optional.of(Failure.status(answer.status()));
        }
        if (options.expectBytes().isPresent() && options.expectBytes().getAsLong() != answer.length()) {
            return Optional.of(Failure.of(Failure.Kind.WRONG_LENGTH));
        }
        boolean hash = options.expectSha256().map(s -> s.toLowerCase(Locale.ROOT).equals(answer.sha256().orElse(""))).orElse(true);
        boolean text = options.expectText().map(t -> new String(answer.body(), StandardCharsets.UTF_8).contains(t)).orElse(true);
        return hash && text ? Optional.empty() : Optional.of(Failure.of(Failure.Kind.WRONG_BODY));
    }

    @Override
    public AuditReport audit() {
        return AuditReport.NONE;
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
