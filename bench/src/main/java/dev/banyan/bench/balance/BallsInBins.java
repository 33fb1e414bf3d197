package dev.banyan.bench.balance;

import dev.banyan.topology.FrontDoor.Algorithm;

/** As many balls as bins, none ever taken out: the model in which two choices were first shown to be so much better than one. */
final class BallsInBins {
    private BallsInBins() {}

    /** The balls in the fullest bin for an algorithm, and what theory says but for a constant. */
    record Fullest(String subject, int bins, int balls, double theory) {}

    static Fullest[] all(int bins) {
        int[] weights = Fleet.equal(bins).weights();
        double one = Math.log(bins) / Math.log(Math.log(bins));
        double two = Math.log(Math.log(bins)) / Math.log(2);
        return new Fullest[] {
            fullest(new RandomSubject(1, weights, 0), bins, one),
            fullest(new RandomSubject(2, weights, 0), bins, two),
            fullest(GroupSubject.of(Algorithm.POWER_OF_TWO, 0, weights, 0), bins, two),
        };
    }

    private static Fullest fullest(Subject subject, int bins, double theory) {
        int[] balls = new int[bins];
        int most = 0;
        for (int i = 0; i < bins; i++) {
            most = Math.max(most, ++balls[subject.choose(i, 0, 0)]);
        }
        return new Fullest(subject.name(), bins, most, theory);
    }
}
