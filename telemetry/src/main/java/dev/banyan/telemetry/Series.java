package dev.banyan.telemetry;

import java.util.function.DoubleSupplier;

/** One line of a family: its own labels, its own value. */
sealed interface Series permits Counter, Histogram, Series.Observed {
    Reading read();

    /** A value that is asked for when it is read. What throws is read as "not a number". */
    record Observed(DoubleSupplier value) implements Series {
        @Override
        public Reading read() {
            try {
                return new Reading.Level(value.getAsDouble());
            } catch (RuntimeException e) {
                return new Reading.Level(Double.NaN);
            }
        }
    }
}
