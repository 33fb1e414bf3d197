package dev.banyan.drill;

import java.util.Optional;

/**
 * A request of a load that has ended.
 *
 * @param step its row in the report
 * @param method in capitals
 * @param failure why it failed, as in the report: {@code status_503}; empty when it was answered as it should be
 * @param dueNanos when it was meant to be sent
 * @param sentNanos when it was begun; the same as the end when it never was
 * @param endedNanos when its answer was whole, or it failed
 */
public record EndedRequest(String step, String method, Optional<String> failure, long dueNanos, long sentNanos, long endedNanos) {
    public boolean failed() {
        return failure.isPresent();
    }

    /** Whether it may change something. */
    public boolean writes() {
        return !method.equals("GET");
    }
}
