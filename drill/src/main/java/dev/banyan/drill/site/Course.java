package dev.banyan.drill.site;

import dev.banyan.drill.site.DrillReport.Steady;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** How users were served, second by second from a moment on. Not safe for several threads. */
final class Course {
    /** So many seconds in a row that are as before are no accident. */
    static final int CALM_SECONDS = 2;
    private static final long SECOND = 1_000_000_000;
    /** Two more than a steady second's slowest are within a busy machine's noise. */
    private static final double NOISE = 2;
    private static final double NOISE_MS = 50;

    private final long startNanos;
    private final List<Second> seconds = new ArrayList<>();

    Course(long startNanos) {
        this.startNanos = startNanos;
    }

    void ended(boolean failure, long dueNanos, long endedNanos) {
        second((int) Math.max(0, (endedNanos - startNanos) / SECOND)).ended(failure, endedNanos - dueNanos);
    }

    private Second second(int number) {
        while (seconds.size() <= number) {
            seconds.add(new Second());
        }
        return seconds.get(number);
    }

    Second all() {
        Second sum = new Second();
        seconds.forEach(sum::add);
        return sum;
    }

    Steady steady(long nowNanos) {
        Second all = all();
        return new Steady((nowNanos - startNanos) / 1e9, all.requests(), all.failed(), all.percentileMs(50), all.percentileMs(99));
    }

    /** What a second's p99 may be to be like this course's worst. */
    double boundMs() {
        double worst = seconds.stream().mapToDouble(Second::p99Ms).max().orElse(0);
        return Math.max(worst * NOISE, worst + NOISE_MS);
    }

    /**
     * When users were served as before and had been for {@value #CALM_SECONDS} seconds: the end of the last second that was not as before, 0 when there was none. Empty as long as it is
     * too early to say.
     *
     * @return nanoseconds from the start
     */
    OptionalLong servedAgain(double boundMs, long nowNanos) {
        int whole = (int) ((nowNanos - startNanos) / SECOND);
        int calm = 0;
        while (calm < whole && asBefore(whole - 1 - calm, boundMs)) {
            calm++;
        }
        return calm >= CALM_SECONDS ? OptionalLong.of((whole - calm) * SECOND) : OptionalLong.empty();
    }

    private boolean asBefore(int number, double boundMs) {
        return number < seconds.size() && seconds.get(number).asBefore(boundMs);
    }
}
