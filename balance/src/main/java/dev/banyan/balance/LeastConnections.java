package dev.banyan.balance;

/**
 * The server with the fewest connections for its weight: requests in flight and open tunnels, so that WebSockets are spread evenly too. The
 * search starts at a server drawn by weight, which wins a tie.
 */
final class LeastConnections implements Policy {
    private final Members members;
    private final WeightedDraw draw;
    private final Dice dice;

    LeastConnections(Members members, Dice dice) {
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
            double load = load(index, excluded);
            if (load < least) {
                best = index;
                least = load;
            }
            index = index + 1 == members.size() ? 0 : index + 1;
        }
        return members.take(best, excluded);
    }

    private double load(int index, long excluded) {
        Server server = members.server(index);
        return (excluded & server.slotBit()) != 0
                ? Double.POSITIVE_INFINITY
                : (server.inFlight() + server.tunnels()) * members.perWeight(index);
    }
}
