package dev.banyan.bench.balance;

/** Knows each request's work and each server's speed and backlog, and sends to where it ends first: no real balancer can; what there is to gain. */
final class OmniscientSubject implements Subject {
    private final Fleet fleet;
    private final Workers workers;

    OmniscientSubject(Fleet fleet) {
        this.fleet = fleet;
        this.workers = new Workers(fleet);
    }

    @Override
    public String name() {
        return "[knows all]";
    }

    @Override
    public int choose(long key, long workNanos, long nowNanos) {
        int best = 0;
        double earliest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < fleet.size(); i++) {
            double end = workers.start(i, nowNanos) + workNanos / fleet.speeds()[i];
            if (end < earliest) {
                best = i;
                earliest = end;
            }
        }
        workers.serve(best, workNanos, nowNanos);
        return best;
    }

    @Override
    public void ended(int server, long tookNanos, long nowNanos) {}
}
