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

    /** A draw decides: the likeliest one, and how likely it is. */
    @Override
    public Foreseen foresee(RequestKey key) {
        int likeliest = 0;
        double most = -1;
        for (int i = 0; i < members.size(); i++) {
            double chance = chance(i);
            if (chance > most) {
                likeliest = i;
                most = chance;
            }
        }
        return new Foreseen(likeliest, members.size() == 1
                ? "it is the only one"
                : "of two drawn by weight the one with fewer in flight for its weight is taken: this one in " + Math.round(most * 100) + "% of the draws (power of two)");
    }

    /** That one is drawn first and is no busier than the second, or is drawn second and is less busy than the first. */
    private double chance(int i) {
        double sum = 0;
        for (int j = 0; j < members.size(); j++) {
            sum += members.weight(j);
        }
        double own = members.weight(i) / sum;
        double chance = members.size() == 1 ? 1 : 0;
        for (int j = 0; j < members.size(); j++) {
            double other = members.weight(j) / sum;
            if (j != i) {
                chance += members.load(i) <= members.load(j) ? own * other / (1 - own) : 0;
                chance += members.load(i) < members.load(j) ? other * own / (1 - other) : 0;
            }
        }
        return chance;
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
