package dev.banyan.drill;

import java.util.random.RandomGenerator;

/**
 * What a virtual user does next, in thousandths: nine in ten steps read. The shares are ours, after the read-heavy shape that photo and feed sites
 * report (Bronson et al., TAO, USENIX ATC 2013: 99.8 % of the requests to a social graph read), with more writes than that, so that a
 * short run has enough of them to audit. Signing in is rare, as sessions last, and costs the site a slow hash.
 */
enum Mix {
    FEED(200),
    EXPLORE(60),
    PHOTO(280),
    VISIT(200),
    PROFILE(80),
    SEARCH(70),
    LIKE(50),
    COMMENT(30),
    FOLLOW(14),
    UPLOAD(14),
    SIGN_IN_AGAIN(2);

    private static final int ALL = 1000;

    private final int thousandths;

    Mix(int thousandths) {
        this.thousandths = thousandths;
    }

    int thousandths() {
        return thousandths;
    }

    static Mix next(RandomGenerator random) {
        int left = random.nextInt(ALL);
        for (Mix step : values()) {
            left -= step.thousandths;
            if (left < 0) {
                return step;
            }
        }
        throw new IllegalStateException("the shares do not add up to " + ALL);
    }
}
