package dev.banyan.balance;

/**
 * The least average time to first byte x (requests in flight + 1) / weight: what the next request would wait if the server worked them off
 * one after the other. A server without an answer yet is asked by one request at a time until it has answered.
 */
final class LeastResponseTime implements Least.Score {
    /** In nanoseconds: above any answer's time, so that only another unknown server competes. */
    private static final double UNKNOWN = 1e15;

    @Override
    public double of(Server server, double perWeight) {
        int held = server.inFlight();
        double average = server.responseTimeNanos();
        if (average == 0) {
            return held == 0 ? 0 : UNKNOWN * held * perWeight;
        }
        return average * (held + 1) * perWeight;
    }

    @Override
    public String words() {
        return "it has the least response time, with the requests it holds and for its weight (least response time)";
    }
}
