package dev.banyan.drill;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arrivals a second: one number, or a straight ramp from one to another over the whole run.
 *
 * @param from arrivals a second at the start, over 0
 * @param to arrivals a second at the end, over 0; the same as {@code from} for a constant rate
 */
public record Rate(double from, double to) {
    /** More than this from one generator is a mistake in the command line, not a plan. */
    static final double MAXIMUM = 1_000_000;

    private static final Pattern WRITTEN = Pattern.compile("(\\d+(?:\\.\\d+)?)(?:\\.\\.(\\d+(?:\\.\\d+)?))?");

    public Rate {
        if (!(from > 0 && from <= MAXIMUM && to > 0 && to <= MAXIMUM)) {
            throw new IllegalArgumentException("a rate is over 0 and at most " + (long) MAXIMUM + " arrivals a second, not " + from + ".." + to);
        }
    }

    public static Rate constant(double perSecond) {
        return new Rate(perSecond, perSecond);
    }

    /**
     * Reads {@code 200} or {@code 50..500}.
     *
     * @throws BanyanException USAGE, when it is neither
     */
    public static Rate parse(String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw new BanyanException(ErrorCode.USAGE, "--rate is arrivals a second, as 200, or a ramp, as 50..500; not '" + text + "'");
        }
        double from = Double.parseDouble(written.group(1));
        double to = written.group(2) == null ? from : Double.parseDouble(written.group(2));
        try {
            return new Rate(from, to);
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, "--rate: " + e.getMessage(), e);
        }
    }

    public boolean ramp() {
        return from != to;
    }

    /** The mean over a run. */
    public double mean() {
        return (from + to) / 2;
    }

    @Override
    public String toString() {
        return ramp() ? plain(from) + ".." + plain(to) : plain(from);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
