package dev.banyan.balance;

/** The fewest connections for the weight: requests in flight and open tunnels, so that WebSockets are spread evenly too. */
final class LeastConnections implements Least.Score {
    @Override
    public double of(Server server, double perWeight) {
        return (server.inFlight() + server.tunnels()) * perWeight;
    }

    @Override
    public String words() {
        return "it has the fewest requests and tunnels for its weight (least connections)";
    }
}
