package dev.banyan.http;

import dev.banyan.balance.Outcome;
import dev.banyan.http.wire.LocalAnswer;

/** How a server failed an exchange. */
enum Failure {
    /** No connection came about, so the server has seen nothing of the request. */
    UNREACHABLE(Outcome.NO_ANSWER, LocalAnswer.UNREACHABLE),
    /** A kept connection was closed before a byte of an answer: most likely the server closed it while unused, which is its right. */
    STALE(Outcome.CLIENT_LEFT, LocalAnswer.NO_ANSWER),
    /** A new connection was closed before a byte of an answer. */
    NO_ANSWER(Outcome.NO_ANSWER, LocalAnswer.NO_ANSWER),
    TIMED_OUT(Outcome.NO_ANSWER, LocalAnswer.ANSWER_TIMED_OUT),
    MALFORMED(Outcome.BROKEN, LocalAnswer.BAD_ANSWER),
    /** The answer had begun and stopped before its end. */
    CUT(Outcome.BROKEN, LocalAnswer.BAD_ANSWER);

    private final Outcome outcome;
    private final LocalAnswer answer;
    private final String word = name().toLowerCase(java.util.Locale.ROOT);

    Failure(Outcome outcome, LocalAnswer answer) {
        this.outcome = outcome;
        this.answer = answer;
    }

    /** As metrics and spans call it. */
    String word() {
        return word;
    }

    Outcome outcome() {
        return outcome;
    }

    LocalAnswer answer() {
        return answer;
    }
}
