package dev.banyan.balance;

/**
 * The server with the least average time to first byte x (requests in flight + 1) / weight: what the next request would wait if the server
 * worked them off one after the other. A server without an answer yet is asked by one request at a time until it has answered.
 */
final class LeastResponseTime implements Policy {
    /** In nanoseconds: above any answer's time, so that only another unknown server competes. */
    private static final double UNKNOWN = 1e15;

    private final Members members;
    private final WeightedDraw draw;
    private final Dice dice;

    LeastResponseTime(Members members, Dice dice) {
        this.members = members;
        this.draw = new WeightedDraw(members.weights());
        this.dice = dice;
    }

    @Override
    public Server choose(RequestKey key, long excluded) {
        int index = draw.index(dice.roll());
        int best = index;
        double least = Double.POSITIVE_INFINITY;
        for (int i = members.size(); i > 0; i--) {
            double score = score(index, excluded);
            if (score < least) {
                best = index;
                least = score;
            }
            index = index + 1 == members.size() ? 0 : index + 1;
        }
        return members.take(best, excluded);
    }

    private double score(int index, long excluded) {
        Server server = members.server(index);
        if ((excluded & server.slotBit()) != 0) {
            return Double.POSITIVE_INFINITY;
        }
        int held = server.inFlight();
        double average = server.responseTimeNanos();
        if (average == 0) {
            return held == 0 ? 0 : UNKNOWN * held * members.perWeight(index);
        }
        return average * (held + 1) * members.perWeight(index);
    }
}
