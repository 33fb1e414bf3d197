package dev.banyan.bench.balance;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user of {@code bench/balance} asked for.
 *
 * @param quick fewer requests, for a smoke test
 * @param hot the cost of a choice instead of the simulation
 * @param servers before which a recorded trace is played
 * @param speedUp how many times as fast a recorded trace's requests come
 */
record BalanceOptions(boolean quick, boolean hot, Optional<Path> json, Optional<Path> trace, int servers, double speedUp) {
    private static final String USAGE =
            "usage: bench/balance [--quick] [--json FILE] [--trace FILE [--servers N] [--speed-up X]] | bench/balance --hot";

    /** @throws IllegalArgumentException with a sentence for the user and the usage */
    static BalanceOptions parse(String[] args) {
        boolean quick = false;
        boolean hot = false;
        Optional<Path> json = Optional.empty();
        Optional<Path> trace = Optional.empty();
        int servers = 8;
        double speedUp = 1;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--hot" -> hot = true;
                case "--json" -> json = Optional.of(Path.of(value(args, ++i)));
                case "--trace" -> trace = Optional.of(Path.of(value(args, ++i)));
                case "--servers" -> servers = (int) number(args, ++i, 2, 1000);
                case "--speed-up" -> speedUp = number(args, ++i, 0.001, 1e6);
                default -> throw new IllegalArgumentException("unknown argument " + args[i] + "\n" + USAGE);
            }
        }
        return new BalanceOptions(quick, hot, json, trace, servers, speedUp);
    }

    private static String value(String[] args, int at) {
        if (at == args.length) {
            throw new IllegalArgumentException(args[at - 1] + " needs a value\n" + USAGE);
        }
        return args[at];
    }

    private static double number(String[] args, int at, double least, double most) {
        String text = value(args, at);
        try {
            double number = Double.parseDouble(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(args[at - 1] + " needs a number, not '" + text + "'", e);
        }
        throw new IllegalArgumentException(args[at - 1] + " is " + least + " to " + most + ", not " + text);
    }
}
