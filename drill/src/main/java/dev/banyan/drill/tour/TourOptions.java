package dev.banyan.drill.tour;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Stage;
import java.time.Duration;

/**
 * What a tour is asked to do.
 *
 * @param shortForm each drill and each change at the first stage that has it, instead of at every one
 * @param to the highest stage
 * @param rate steps of users a second, at a steady rate
 * @param users who take them; at saturation all of them at once
 * @param webSockets held open from the first stage to the end
 * @param steady how long nothing but the load goes on at a stage
 * @param saturation how long a stage is pressed
 * @param beforeDrills how long a drill measures before it breaks anything
 */
public record TourOptions(boolean shortForm, Stage to, double rate, int users, int webSockets, Duration steady, Duration saturation, Duration beforeDrills) {
    private static final double MOST_RATE = 1_000;

    /** The usual figures of the short or the long form, up to the last stage there is. */
    public static TourOptions of(boolean shortForm) {
        Stage last = Stage.values()[Stage.values().length - 1];
        return shortForm ? new TourOptions(true, last, 8, 12, 5, Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(3))
                : new TourOptions(false, last, 30, 16, 20, Duration.ofSeconds(20), Duration.ofSeconds(15), Duration.ofSeconds(5));
    }

    /** @throws BanyanException USAGE, when the rate is out of bounds */
    public TourOptions at(double stepsASecond) {
        if (!(stepsASecond >= 1 && stepsASecond <= MOST_RATE)) {
            throw new BanyanException(ErrorCode.USAGE, "--rate is 1 to 1000 steps of users a second, not " + stepsASecond + "; each is one to some twenty requests");
        }
        return new TourOptions(shortForm, to, stepsASecond, users, webSockets, steady, saturation, beforeDrills);
    }

    public TourOptions upTo(Stage stage) {
        return new TourOptions(shortForm, stage, rate, users, webSockets, steady, saturation, beforeDrills);
    }
}
