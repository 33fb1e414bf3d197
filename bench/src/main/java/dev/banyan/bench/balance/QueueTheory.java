package dev.banyan.bench.balance;

/** What queueing theory says of the mean wait, in the mean times of service, when arrivals are Poisson and service is exponential. */
final class QueueTheory {
    private QueueTheory() {}

    /** One random server: M/M/1. */
    static double random(double load) {
        return load / (1 - load);
    }

    /**
     * The less loaded of two random ones of very many (Mitzenmacher 1996, Vvedenskaya et al. 1996): a share load^(2^i - 1) of the servers has
     * i requests or more, so a request's time is the sum of load^(2^i - 2) over i from 1, of which one is its service.
     */
    static double twoChoices(double load) {
        double sum = 0;
        for (int i = 2; i < 40; i++) {
            sum += Math.pow(load, Math.pow(2, i) - 2);
        }
        return sum;
    }

    /** One queue before all servers, M/M/n: the least there can be without looking into the requests (Erlang C over n - offered). */
    static double oneQueue(int servers, double load) {
        double offered = servers * load;
        double blocking = 1;
        for (int i = 1; i <= servers; i++) {
            blocking = offered * blocking / (i + offered * blocking);
        }
        double waits = blocking / (1 - load * (1 - blocking));
        return waits / (servers - offered);
    }
}
