package dev.banyan.drill;

import java.util.Locale;

/**
 * Where an answer came from, as the caches on its way say it in {@code Cache-Status} (RFC 9211).
 */
enum CacheStatus {
    /** Some cache had it. */
    HIT,
    /** It came for another request, which this one waited with. */
    COLLAPSED,
    /** The origin was asked for it, if only whether it had changed. */
    FORWARDED,
    /** No cache has said anything: it came from the origin. */
    NONE;

    /** @param field its value: one member a cache, the nearest to the origin first */
    static CacheStatus of(String field) {
        if (field.isBlank()) {
            return NONE;
        }
        CacheStatus best = FORWARDED;
        for (String member : field.toLowerCase(Locale.ROOT).split(",")) {
            for (String parameter : member.split(";")) {
                switch (parameter.strip()) {
                    case "hit", "hit=?1" -> {
                        return HIT;
                    }
                    case "collapsed", "collapsed=?1" -> best = COLLAPSED;
                    default -> { }
                }
            }
        }
        return best;
    }
}
