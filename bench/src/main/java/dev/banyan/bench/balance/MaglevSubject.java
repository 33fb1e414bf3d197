package dev.banyan.bench.balance;

import java.util.stream.IntStream;

/** {@link Maglev} as a balancer: its key's server, whatever that server has to do. */
final class MaglevSubject implements Subject {
    private final Maglev maglev;

    MaglevSubject(int[] weights) {
        maglev = new Maglev(names(weights.length), weights);
    }

    static String[] names(int servers) {
        return IntStream.range(0, servers).mapToObj(i -> "web-" + i).toArray(String[]::new);
    }

    @Override
    public String name() {
        return "[maglev]";
    }

    @Override
    public int choose(long key, long workNanos, long nowNanos) {
        return maglev.server(key);
    }

    @Override
    public void ended(int server, long tookNanos, long nowNanos) {}
}
