package dev.banyan.balance;

/**
 * Of two different servers drawn at random the one with fewer requests in flight for its weight (Mitzenmacher, "The Power of Two Choices in
 * Randomized Load Balancing", 1996; Vvedenskaya, Dobrushin and Karpelevich 1996). Servers are drawn by weight and the first wins a tie, so that
 * at rest, when nothing is in flight, the shares follow the weights.
 */
final class PowerOfTwo implements Policy {
    private static final int REDRAWS = 4;

    private final Members members;
    private final WeightedDraw draw;
    private final Dice dice;

    PowerOfTwo(Members members, Dice dice) {
        this.members = members;
        this.draw = new WeightedDraw(members.weights());
        this.dice = dice;
    }

    @Override
    public Server choose(RequestKey key, long excluded) {
        if (members.size() == 1) {
            return members.take(0, excluded);
        }
        long random = dice.roll();
        int first = draw.index(random);
        int second = another(first, random);
        int better = members.load(second) < members.load(first) ? second : first;
        Server server = members.take(better, excluded);
        return server != null ? server : members.take(first + second - better, excluded);
    }

    private int another(int first, long random) {
        long next = random;
        for (int i = 0; i < REDRAWS; i++) {
            next = Hash64.mix(next + Hash64.GOLDEN);
            int second = draw.index(next);
            if (second != first) {
                return second;
            }
        }
        int shifted = Hash64.index(Hash64.mix(next), members.size() - 1);
        return shifted < first ? shifted : shifted + 1;
    }
}
