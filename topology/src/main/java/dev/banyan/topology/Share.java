package dev.banyan.topology;

/** A part of a whole from 0 to 1, written in percent: {@code 50%}. */
public record Share(double of1) {
    public Share {
        if (!(of1 >= 0 && of1 <= 1)) {
            throw new IllegalArgumentException("a share is 0% to 100%, not " + of1 * 100 + "%");
        }
    }
}
