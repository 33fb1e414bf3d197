package dev.banyan.balance;

/** The server with the least score. The search starts at a server drawn by weight, which wins a tie. */
final class Least implements Policy {
    private final Members members;
    private final WeightedDraw draw;
    private final Dice dice;
    private final Score score;

    /** What a server is judged by: the less, the sooner it is chosen. */
    @FunctionalInterface
    interface Score {
        /** @param perWeight what a load counts at this server: less, the greater its weight */
        double of(Server server, double perWeight);

        /** What one has that has the least, in words. */
        default String words() {
            return "it has the least";
        }
    }

    Least(Members members, Dice dice, Score score) {
        this.members = members;
        this.draw = new WeightedDraw(members.weights());
        this.dice = dice;
        this.score = score;
    }

    @Override
    public Server choose(RequestKey key, long excluded) {
        int index = draw.index(dice.roll());
        int best = index;
        double least = Double.POSITIVE_INFINITY;
        for (int i = members.size(); i > 0; i--) {
            Server server = members.server(index);
            if ((excluded & server.slotBit()) == 0) {
                double own = score.of(server, members.perWeight(index));
                if (own < least) {
                    best = index;
                    least = own;
                }
            }
            index = index + 1 == members.size() ? 0 : index + 1;
        }
        return members.take(best, excluded);
    }

    @Override
    public Foreseen foresee(RequestKey key) {
        int best = 0;
        int alike = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < members.size(); i++) {
            double own = score.of(members.server(i), members.perWeight(i));
            alike = own < least ? 1 : own == least ? alike + 1 : alike;
            if (own < least) {
                best = i;
                least = own;
            }
        }
        return new Foreseen(best, members.size() == 1 ? "it is the only one" : score.words() + (alike > 1 ? "; " + alike + " have, and a draw by weight decides between them" : ""));
    }
}
