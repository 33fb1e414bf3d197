package dev.banyan.bench.balance;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The published algorithm of random draws: one draw is plain random; two are what HAProxy calls {@code random(2)} and Envoy's least request does
 * with equal weights: two draws by weight that may be the same server, and the less loaded of both.
 */
final class RandomSubject implements Subject {
    private final int draws;
    private final int[] weights;
    private final double[] cumulative;
    private final int[] inFlight;
    private final RandomGenerator random;

    RandomSubject(int draws, int[] weights, long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.draws = draws;
        this.weights = weights;
        this.inFlight = new int[weights.length];
        this.cumulative = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            cumulative[i] = sum;
        }
    }

    @Override
    public String name() {
        return draws == 1 ? "[random]" : "[random(" + draws + ")]";
    }

    @Override
    public int choose(long key, long workNanos, long nowNanos) {
        int best = draw();
        for (int i = 1; i < draws; i++) {
            int other = draw();
            if (inFlight[other] * weights[best] < inFlight[best] * weights[other]) {
                best = other;
            }
        }
        inFlight[best]++;
        return best;
    }

    @Override
    public void ended(int server, long tookNanos, long nowNanos) {
        inFlight[server]--;
    }

    private int draw() {
        double place = random.nextDouble() * cumulative[cumulative.length - 1];
        int index = 0;
        while (cumulative[index] <= place) {
            index++;
        }
        return index;
    }
}
