package dev.banyan.drill;

import java.util.function.Consumer;

/** One request on its way. Handed to a lane, owned by its loop from then on; ends exactly once. */
final class Exchange {
    final Request request;
    private final long intended;
    private final Consumer<Outcome> done;
    private long started;
    private long written;
    private boolean isStarted;
    private boolean isWritten;
    private boolean retried;
    private boolean ended;

    Exchange(Request request, long intended, Consumer<Outcome> done) {
        this.request = request;
        this.intended = intended;
        this.done = done;
    }

    void started(long now) {
        if (!isStarted) {
            started = now;
            isStarted = true;
        }
    }

    void written(long now) {
        if (!isWritten) {
            written = now;
            isWritten = true;
        }
    }

    /** Whether it may go out once more after a connection that had been used before closed without a byte; true at most once. */
    boolean retry() {
        boolean may = request.idempotent() && !retried;
        retried = true;
        return may;
    }

    void answered(Answer answer, long now) {
        end(new Outcome.Answered(answer, times(now)));
    }

    void failed(Failure.Kind why, long now) {
        end(new Outcome.Failed(Failure.of(why), times(now)));
    }

    private void end(Outcome outcome) {
        if (ended) {
            throw new IllegalStateException("a request ended twice: " + outcome);
        }
        ended = true;
        done.accept(outcome);
    }

    private Outcome.Times times(long now) {
        return new Outcome.Times(intended, isStarted ? started : now, isWritten ? written : now, now);
    }
}
