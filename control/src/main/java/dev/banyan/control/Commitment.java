package dev.banyan.control;

import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * That a site stands at a stage, and what its site file said about size when it came to stand there.
 *
 * @param stage the stage that runs
 * @param file the site file's own words at the time; when they change, the file was edited and wins
 */
public record Commitment(Stage stage, Wish file, Instant at) {
    /** What a site file says about size. */
    public record Wish(Stage stage, OptionalInt instances) {
        public static Wish of(Topology file) {
            return new Wish(file.stage(), file.application().instances());
        }

        @Override
        public String toString() {
            return "stage " + stage.number() + (instances.isPresent() ? ", instances " + instances.getAsInt() : "");
        }
    }
}
