package dev.banyan.telemetry.history;

import dev.banyan.telemetry.history.Layout.RingShape;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** The rows of a ring, one at a time. A minute that is not written yet is put together from its steps. Owned by one thread. */
final class RowSource {
    private final FileChannel file;
    private final RingShape ring;
    private final Row row;
    private final Row steps = new Row(Layout.STEPS);
    private final Minute minute = new Minute();
    private final long present;

    /** @param now the step under way; its minute is put together from steps, whatever a clock that went back has left of it */
    RowSource(FileChannel file, RingShape ring, long now) {
        this.file = file;
        this.present = now / Layout.STEPS_A_MINUTE;
        this.ring = ring;
        this.row = new Row(ring);
    }

    /** Whether anything was measured then. */
    boolean turnTo(long number) throws IOException {
        if (ring != Layout.MINUTES) {
            return row.read(file, number);
        }
        return number < present && row.read(file, number) || fromSteps(number);
    }

    private boolean fromSteps(long number) throws IOException {
        boolean any = false;
        minute.begin(number);
        for (int i = 0; i < Layout.STEPS_A_MINUTE; i++) {
            if (steps.read(file, number * Layout.STEPS_A_MINUTE + i)) {
                minute.add(steps);
                any = true;
            }
        }
        minute.to(row);
        return any;
    }

    double mean(int place) {
        return row.value(place, 0);
    }

    double highest(int place) {
        return row.value(place, ring.values() - 1);
    }

    /** The row's first step. */
    long firstStep(long number) {
        return number * (ring.seconds() / Layout.STEPS.seconds());
    }
}
