package dev.banyan.bench.balance;

/** Knows each request's work and each server's speed and backlog, and sends to where it ends first: no real balancer can; what there is to gain. */
final class OmniscientSubject implements Subject {
    private final double[] speeds;
    private final double[] freeAt;

    OmniscientSubject(double[] speeds) {
        this.speeds = speeds;
        this.freeAt = new double[speeds.length];
    }

    @Override
    public String name() {
        return "[knows all]";
    }

    @Override
    public int choose(long key, long workNanos, long nowNanos) {
        int best = 0;
        double earliest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < speeds.length; i++) {
            double end = Math.max(freeAt[i], nowNanos) + workNanos / speeds[i];
            if (end < earliest) {
                best = i;
                earliest = end;
            }
        }
        freeAt[best] = earliest;
        return best;
    }

    @Override
    public void ended(int server, long tookNanos, long nowNanos) {}
}
