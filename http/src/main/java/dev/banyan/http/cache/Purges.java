package dev.banyan.http.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What has been purged. Each purge takes the next number; each response carries the number that was reached when its fetch began. Two things are kept:
 * <ul>
 *   <li>stamps: the number, written down under the URL, tag or prefix. {@link #verdict} compares a response with them when it is stored, and so catches one that was asked
 *       for before a purge and comes after it. Memory is bounded, and what does not fit errs towards purging: URLs and tags share stamps by their hash, and when there are
 *       too many prefixes the oldest covers all from then on;
 *   <li>the purges that have not walked through all that is stored yet. A lookup compares what it finds with these, exactly; mostly there is none.
 * </ul>
 * So a purge is in force in constant time. Safe for any thread.
 */
final class Purges {
    enum Verdict {
        GOOD,
        STALE,
        GONE
    }

    private static final int STAMPS = 1 << 14;
    private static final int PREFIXES = 256;

    private final AtomicLong epoch = new AtomicLong();
    private final Stamps stale = new Stamps();
    private final Stamps gone = new Stamps();
    private volatile Walking[] walking = {};

    /** A purge that has not walked through all yet. */
    private record Walking(Purge purge, long number) {}

    /** The number of the last purge, for a fetch that begins now. */
    long epoch() {
        return epoch.get();
    }

    /** Puts it in force; its number, with which it must be {@link #walked} in the end. The number counts once all else is in its place. */
    synchronized long begin(Purge purge) {
        long number = epoch.get() + 1;
        (purge.hard() ? gone : stale).put(purge.scope(), number);
        Walking[] more = Arrays.copyOf(walking, walking.length + 1);
        more[more.length - 1] = new Walking(purge, number);
        walking = more;
        epoch.set(number);
        return number;
    }

    /** It has walked through all that is stored. */
    synchronized void walked(long number) {
        walking = Arrays.stream(walking).filter(one -> one.number != number).toArray(Walking[]::new);
    }

    /** What purges that are still walking make of what is stored. */
    Verdict passing(CacheKey key, List<String> tags, long began) {
        Verdict verdict = Verdict.GOOD;
        for (Walking one : walking) {
            if (one.number > began && one.purge.covers(key, tags)) {
                if (one.purge.hard()) {
                    return Verdict.GONE;
                }
                verdict = Verdict.STALE;
            }
        }
        return verdict;
    }

    /** What has become of a response whose fetch began at this number, and that is to be stored now. */
    Verdict verdict(CacheKey key, List<String> tags, long began) {
        if (epoch.get() <= began) {
            return Verdict.GOOD;
        }
        if (gone.highest(key, tags) > began) {
            return Verdict.GONE;
        }
        return stale.highest(key, tags) > began ? Verdict.STALE : Verdict.GOOD;
    }

    /** The highest number of each thing that was purged. */
    private static final class Stamps {
        private final AtomicLongArray urls = new AtomicLongArray(STAMPS);
        private final AtomicLongArray tags = new AtomicLongArray(STAMPS);
        private final AtomicLong all = new AtomicLong();
        private volatile Prefix[] prefixes = {};

        void put(Purge.Scope scope, long number) {
            switch (scope) {
                case Purge.Scope.Url url -> raise(urls, url.key().hash(), number);
                case Purge.Scope.Tag tag -> raise(tags, tag.tag().hashCode(), number);
                case Purge.Scope.Prefix prefix -> add(new Prefix(prefix.prefix().getBytes(StandardCharsets.ISO_8859_1), number));
                case Purge.Scope.All _ -> all.accumulateAndGet(number, Math::max);
            }
        }

        private static void raise(AtomicLongArray stamps, long hash, long number) {
            stamps.accumulateAndGet(slot(hash), number, Math::max);
        }

        /** The same prefix once; the oldest, when there are too many, covers all from then on. */
        private synchronized void add(Prefix added) {
            Prefix[] others = Arrays.stream(prefixes).filter(prefix -> !Arrays.equals(prefix.bytes, added.bytes)).toArray(Prefix[]::new);
            int from = 0;
            if (others.length == PREFIXES) {
                all.accumulateAndGet(others[0].number, Math::max);
                from = 1;
            }
            Prefix[] more = Arrays.copyOfRange(others, from, others.length + 1);
            more[more.length - 1] = added;
            prefixes = more;
        }

        long highest(CacheKey key, List<String> tagged) {
            long highest = Math.max(all.get(), urls.get(slot(key.hash())));
            for (String tag : tagged) {
                highest = Math.max(highest, tags.get(slot(tag.hashCode())));
            }
            for (Prefix prefix : prefixes) {
                if (prefix.number > highest && key.startsWith(prefix.bytes)) {
                    highest = prefix.number;
                }
            }
            return highest;
        }

        private static int slot(long hash) {
            return (int) (hash * 0x9E37_79B9_7F4A_7C15L >>> 40) & STAMPS - 1;
        }
    }

    private record Prefix(byte[] bytes, long number) {}
}
