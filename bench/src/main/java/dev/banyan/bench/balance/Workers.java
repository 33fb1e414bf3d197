package dev.banyan.bench.balance;

/** When each worker of each simulated server will be free: a request goes to its server's first free one, in order. */
final class Workers {
    private final Fleet fleet;
    private final double[][] freeAt;

    Workers(Fleet fleet) {
        this.fleet = fleet;
        this.freeAt = new double[fleet.size()][fleet.workers()];
    }

    /** When a request that comes now would begin to be served. */
    double start(int server, double now) {
        return Math.max(now, freeAt[server][first(server)]);
    }

    /** Serves a request that comes now, and returns when it will end. */
    double serve(int server, long workNanos, double now) {
        int worker = first(server);
        freeAt[server][worker] = Math.max(now, freeAt[server][worker]) + workNanos / fleet.speeds()[server];
        return freeAt[server][worker];
    }

    private int first(int server) {
        int first = 0;
        for (int worker = 1; worker < freeAt[server].length; worker++) {
            first = freeAt[server][worker] < freeAt[server][first] ? worker : first;
        }
        return first;
    }
}
