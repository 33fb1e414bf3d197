package dev.banyan.drill;

import java.util.random.RandomGenerator;

/**
 * What a virtual user does next, in percent: nine in ten steps read. The shares are ours, after the read-heavy shape that photo and feed sites
 * report (Bronson et al., TAO, USENIX ATC 2013: 99.8 % of the requests to a social graph read), with more writes than that, so that a
 * short run has enough of them to audit.
 */
enum Mix {
    FEED(24),
    EXPLORE(6),
    PHOTO(34),
    PAGE(10),
    PROFILE(8),
    SEARCH(7),
    LIKE(5),
    COMMENT(3),
    FOLLOW(1),
    UPLOAD(1),
    SIGN_IN_AGAIN(1);

    private static final int ALL = 100;

    private final int percent;

    Mix(int percent) {
        this.percent = percent;
    }

    int percent() {
        return percent;
    }

    static Mix next(RandomGenerator random) {
        int left = random.nextInt(ALL);
        for (Mix step : values()) {
            left -= step.percent;
            if (left < 0) {
                return step;
            }
        }
        throw new IllegalStateException("the shares do not add up to " + ALL);
    }
}
