package dev.banyan.http.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What has been purged, as stamps: each purge takes the next number and writes it down under its URL, tag or prefix; each response carries the number that was
 * reached when its fetch began. A response is purged when a stamp that covers it is higher. So a purge is in force in constant time, and a response that was asked
 * for before it and comes after it is caught ({@link #verdict} is asked when it is stored).
 *
 * <p>Memory is bounded, and what does not fit errs towards purging: URLs and tags share stamps by their hash, and when there are too many prefixes the older ones become
 * one that covers all. Safe for any thread.
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
    /** The last that a look at the key alone does not find: what is stored compares itself once with each. */
    private volatile long broad;

    /** The number of the last purge, for a fetch that begins now. */
    long epoch() {
        return epoch.get();
    }

    /** Rises with each purge by tag, prefix or of all. */
    long broad() {
        return broad;
    }

    /** Puts it in force; its number. */
    synchronized long begin(Purge purge) {
        long number = epoch.incrementAndGet();
        (purge.hard() ? gone : stale).put(purge.scope(), number);
        if (!(purge.scope() instanceof Purge.Scope.Url)) {
            broad = number;
        }
        return number;
    }

    /** What has become of a response whose fetch began at this number. */
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
