package dev.banyan.drill;

import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a script's requests one after the other and counts each with what its check found. The first of a step counts from when the step
 * was due, the others from when their turn came. What answers set goes into the user's cookie jar. Owned by the thread that takes the step.
 */
final class Exchanges {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Client client;
    private final Tally tally;
    private final CookieJar cookies;

    Exchanges(Client client, Tally tally, CookieJar cookies) {
        this.client = client;
        this.tally = tally;
        this.cookies = cookies;
    }

    /** The same user's, counted elsewhere. */
    Exchanges countedIn(Tally other) {
        return new Exchanges(client, other, cookies);
    }

    /** Someone else's, counted here as well. */
    Exchanges of(CookieJar theirs) {
        return new Exchanges(client, tally, theirs);
    }

    /** Whether an answer is as it should be: what is wrong with it, or what it says. */
    sealed interface Verdict<T> {
        record Right<T>(T value) implements Verdict<T> {}

        record Wrong<T>(Failure.Kind why) implements Verdict<T> {}

        static <T> Verdict<T> wrongBody() {
            return new Wrong<>(Failure.Kind.WRONG_BODY);
        }
    }

    /** Sends a request, blocks, and gives what the check made of a successful answer; empty when it failed. */
    <T> Optional<T> send(Request request, Function<Answer, Verdict<T>> check) {
        return judge(request, client.send(request), check);
    }

    /** The same for the first request of a step, which was due at {@code intended}. */
    <T> Optional<T> sendFirst(Request request, long intended, Function<Answer, Verdict<T>> check) {
        Outcome outcome = client.send(request, intended);
        tally.sent(outcome.times());
        return judge(request, outcome, check);
    }

    private <T> Optional<T> judge(Request request, Outcome outcome, Function<Answer, Verdict<T>> check) {
        if (!(outcome instanceof Outcome.Answered answered)) {
            tally.request(request, outcome, Optional.empty());
            return Optional.empty();
        }
        Answer answer = answered.answer();
        cookies.keep(answer);
        if (answer.status() >= 400) {
            tally.request(request, outcome, Optional.of(Failure.status(answer.status())));
            return Optional.empty();
        }
        return switch (check.apply(answer)) {
            case Verdict.Right<T> right -> {
                tally.request(request, outcome, Optional.empty());
                yield Optional.of(right.value());
            }
            case Verdict.Wrong<T> wrong -> {
                tally.request(request, outcome, Optional.of(Failure.of(wrong.why())));
                yield Optional.empty();
            }
        };
    }

    /** A check that the answer is well-formed JSON, and whatever {@code more} asks of it. */
    static <T> Function<Answer, Verdict<T>> json(Function<JsonNode, Optional<T>> more) {
        return answer -> {
            if (!answer.type().equals("application/json")) {
                return Verdict.wrongBody();
            }
            try {
                return more.apply(JSON.readTree(answer.body())).<Verdict<T>>map(Verdict.Right::new).orElseGet(Verdict::wrongBody);
            } catch (JacksonException e) {
                return Verdict.wrongBody();
            }
        };
    }
}
