package dev.banyan.http.gateway.callers;

import java.util.concurrent.CompletionStage;

/** What came of looking at what a caller shows. */
sealed interface Outcome {
    Outcome ABSENT = new Absent();

    /** Nothing is shown in this way. */
    record Absent() implements Outcome {}

    /** It is right. */
    record Known(Caller caller) implements Outcome {}

    /** It is wrong. */
    record Refused(Reason reason) implements Outcome {}

    /** It takes time to tell; the stage never fails and gives none of this kind. */
    record Later(CompletionStage<Outcome> outcome) implements Outcome {}

    /** It cannot be told now. */
    record Unavailable(int retrySeconds) implements Outcome {}

    /** It is not looked at: too much was wrong from this address. */
    record TooMany(int retrySeconds) implements Outcome {}
}
