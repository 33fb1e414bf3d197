package dev.banyan.control;

import java.time.Duration;

/** How amounts are told to a person. */
final class Told {
    private Told() {}

    /** {@code 250 ms}, {@code 1.5 s}, {@code 2 min}, {@code 1 h}. */
    static String time(Duration time) {
        long millis = time.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 120_000) {
            return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000 + "." + millis % 1000 / 100 + " s";
        }
        return time.toMinutes() % 60 == 0 ? time.toHours() + " h" : time.toMinutes() + " min";
    }

    /** {@code 1 instance}, {@code 3 instances}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
