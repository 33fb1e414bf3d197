package dev.banyan.balance;

/**
 * One period of NGINX's smooth weighted round robin: in each step every server's credit grows by its weight, the one with the most is taken
 * and pays the sum of all. Over the cycle each comes exactly in proportion to its weight, and a heavy one's turns are spread out.
 * Computed once for a set of servers instead of in each choice.
 */
final class Cycle {
    /** The longest cycle; weights whose sum is larger are rounded to fit. */
    static final int LONGEST = 8192;

    private final char[] order;

    /** @param weights above 0; fractions count to a hundredth */
    Cycle(double[] weights) {
        int[] whole = whole(weights);
        int sum = 0;
        for (int weight : whole) {
            sum += weight;
        }
        order = new char[sum];
        int[] credit = new int[whole.length];
        for (int turn = 0; turn < sum; turn++) {
            int richest = 0;
            for (int i = 0; i < whole.length; i++) {
                credit[i] += whole[i];
                if (credit[i] > credit[richest]) {
                    richest = i;
                }
            }
            credit[richest] -= sum;
            order[turn] = (char) richest;
        }
    }

    int length() {
        return order.length;
    }

    int at(int turn) {
        return order[turn];
    }

    long bytes() {
        return (long) order.length * Character.BYTES;
    }

    /** The weights as the smallest whole numbers of the same proportion. */
    private static int[] whole(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        long divisor = 0;
        long hundredths = 0;
        for (double weight : weights) {
            divisor = divisor(divisor, Math.max(Math.round(weight * 100), 1));
            hundredths += Math.max(Math.round(weight * 100), 1);
        }
        boolean fits = hundredths / Math.max(divisor, 1) <= LONGEST;
        int[] whole = new int[weights.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = fits
                    ? (int) (Math.max(Math.round(weights[i] * 100), 1) / divisor)
                    : (int) Math.max(Math.round(weights[i] / sum * LONGEST), 1);
        }
        return whole;
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }
}
