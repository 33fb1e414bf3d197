package dev.banyan.balance;

/** The servers of one immutable set, by index, with their weights as slow start has them now. */
final class Members {
    private final Server[] servers;
    private final double[] weights;
    private final double[] perWeight;
    private final int cap;

    /**
     * @param weights above 0
     * @param cap the most requests one server may have in flight
     */
    Members(Server[] servers, double[] weights, int cap) {
        this.servers = servers.clone();
        this.weights = weights.clone();
        this.cap = cap;
        perWeight = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            perWeight[i] = 1 / weights[i];
        }
    }

    int size() {
        return servers.length;
    }

    Server server(int index) {
        return servers[index];
    }

    double weight(int index) {
        return weights[index];
    }

    /** 1 / weight: for loads by weight without a division. */
    double perWeight(int index) {
        return perWeight[index];
    }

    double[] weights() {
        return weights.clone();
    }

    int cap() {
        return cap;
    }

    /** Requests in flight by weight. */
    double load(int index) {
        return servers[index].occupancy.held() * perWeight[index];
    }

    /** Whether {@link #take} would take a place there now. */
    boolean hasRoom(int index, int limit) {
        return servers[index].occupancy.open() && servers[index].inFlight() < Math.min(limit, cap);
    }

    /** That server with a place taken, or null when it is excluded, full or closed. */
    Server take(int index, long excluded) {
        return take(index, excluded, cap);
    }

    /** As above, with a limit of its own below the cap. */
    Server take(int index, long excluded, int limit) {
        Server server = servers[index];
        return (excluded & server.slotBit()) == 0 && server.occupancy.tryTake(Math.min(limit, cap)) ? server : null;
    }
}
