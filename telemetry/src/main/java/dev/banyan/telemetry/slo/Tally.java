package dev.banyan.telemetry.slo;

/**
 * How users were answered.
 *
 * @param answers all that ended, but for upgraded connections (101), which end when their users go
 * @param failed those of them with 5xx
 * @param timed those of the others that were held against a time
 * @param slow those of these that took longer
 */
public record Tally(long answers, long failed, long timed, long slow) {
    public static final Tally NONE = new Tally(0, 0, 0, 0);

    public Tally plus(Tally other) {
        return new Tally(answers + other.answers, failed + other.failed, timed + other.timed, slow + other.slow);
    }
}
