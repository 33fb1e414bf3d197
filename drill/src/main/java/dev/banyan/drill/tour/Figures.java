package dev.banyan.drill.tour;

import dev.banyan.drill.site.DrillReport;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How a tour's figures are said, in the terminal and on the page alike. */
final class Figures {
    static final String NONE = "–";

    private Figures() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Two digits are enough from 10 on. */
    static String ms(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%,.0f", millis);
    }

    static String perSecond(double rate) {
        return String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%,.0f", rate);
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%,.0f s", seconds);
    }

    static String seconds(OptionalDouble seconds) {
        return seconds.isPresent() ? seconds(seconds.getAsDouble()) : NONE;
    }

    /** As {@code 4:07}. */
    static String clock(double seconds) {
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    static String memory(OptionalLong bytes) {
        return bytes.isPresent() ? String.format(Locale.ROOT, "%,d MB", Math.round(bytes.getAsLong() / 1e6)) : NONE;
    }

    static String after(OptionalDouble millis) {
        return millis.isPresent() ? String.format(Locale.ROOT, "%.2f s", millis.getAsDouble() / 1_000) : "never";
    }

    static String verdict(DrillReport drill) {
        return switch (drill.verdict()) {
            case HELD -> "held";
            case FAILED -> "DID NOT HOLD";
            case ABORTED -> "ABORTED";
        };
    }
}
