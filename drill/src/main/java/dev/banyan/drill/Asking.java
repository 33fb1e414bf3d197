package dev.banyan.drill;

import dev.banyan.drill.Exchanges.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** One user's way to a site: a request after the other, cookies kept, and no count of them. Used by one thread. */
record Asking(Client client, CookieJar cookies) {
    /** Empty when no whole answer came. */
    Optional<Answer> ask(Request request) {
        if (!(client.send(request) instanceof Outcome.Answered answered)) {
            return Optional.empty();
        }
        cookies.keep(answered.answer());
        return Optional.of(answered.answer());
    }

    /** What a successful answer says; empty when it is none, or not as it should be. */
    <T> Optional<T> ask(Request request, Function<Answer, Verdict<T>> check) {
        return ask(request).filter(answer -> answer.status() < 300).map(check).flatMap(verdict -> verdict instanceof Verdict.Right<T>(T value) ? Optional.of(value) : Optional.empty());
    }

    static boolean holds(Answer answer, String text) {
        return new String(answer.body(), StandardCharsets.UTF_8).contains(text);
    }
}
