package dev.banyan.topology;

/** A part of a whole from 0 to 1, written in percent: {@code 50%}. */
public record Share(double of1) implements Comparable<Share> {
    public Share {
        if (!(of1 >= 0 && of1 <= 1)) {
            throw new IllegalArgumentException("a share is 0% to 100%, not " + of1 * 100 + "%");
        }
    }

    public static Share parse(String text) {
        return new Share(Percent.parse(text));
    }

    @Override
    public int compareTo(Share other) {
        return Double.compare(of1, other.of1);
    }

    /** As the site file writes it. */
    @Override
    public String toString() {
        return Percent.format(of1);
    }
}
