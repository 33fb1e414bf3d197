package dev.banyan.http.cache;

/**
 * What a site decides where RFC 9111 leaves it to the cache. Times are in seconds.
 *
 * @param cookies what becomes of a response that sets a cookie
 * @param heuristicPercent how much of the time since it was last modified a response without a lifetime is fresh (section 4.2.2)
 * @param heuristicMost the longest such lifetime
 * @param negativeMost the longest that an error is fresh, whatever it says of itself
 * @param whileRevalidate how long a response may be used beyond its lifetime while a new one is fetched, when the origin does not say
 * @param ifError how long a response may be used beyond its lifetime when the origin fails, when it does not say (sections 4.2.4 and 4.3.3)
 * @param hitForMiss how long it is remembered that a URL's answers are not to be stored, so that nobody waits for them
 * @param reload whether clients may ask for more than is stored, by {@code no-cache}, {@code max-age} and {@code min-fresh} (section 5.2.1: a cache may heed them)
 */
public record CacheRules(
        Cookies cookies, int heuristicPercent, long heuristicMost, long negativeMost, long whileRevalidate, long ifError, long hitForMiss, boolean reload) {
    /** 10 % of the age and at most a day; errors for a minute; a minute of grace for an origin that fails; a minute of hit-for-miss. */
    public static final CacheRules USUAL = new CacheRules(Cookies.WITHOUT, 10, 86_400, 60, 0, 60, 60, true);

    /**
     * What becomes of a response with {@code Set-Cookie}. RFC 9111 section 7.3 lets a cache store and reuse it as it is; handing one visitor's session to
     * the next is what most cache disasters are made of.
     */
    public enum Cookies {
        /** It is not stored. */
        REFUSE,
        /** It is stored without its cookies, when it says itself how long it is fresh; else not at all. Whoever caused the fetch gets the cookies. */
        WITHOUT,
        /** It is stored with them, as the RFC has it; for an origin whose cookies are for everybody. */
        KEEP
    }
}
