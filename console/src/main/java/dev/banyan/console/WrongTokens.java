package dev.banyan.console;

import dev.banyan.net.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who has shown wrong tokens, by address: {@value #AT_ONCE} different ones may be tried at once and one more every {@value #SECONDS_EACH} s;
 * after that nothing that the address shows is looked at. The same one again counts for nothing: a page that was left open with an old
 * cookie guesses nothing. Of the latest {@value #MOST_ADDRESSES} addresses. Safe for any thread.
 */
final class WrongTokens {
    static final int AT_ONCE = 10;
    static final int SECONDS_EACH = 6;
    private static final int MOST_ADDRESSES = 1_024;
    private static final long NANOS_EACH = SECONDS_EACH * 1_000_000_000L;

    private final Clock clock;
    private final Map<String, Tried> tried = new LinkedHashMap<>(16, .75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tried> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /** @param paidNanos until then all wrong ones are paid for, a while each */
    private record Tried(long paidNanos, int last) {}

    WrongTokens(Clock clock) {
        this.clock = clock;
    }

    /** Whether an address has shown too many, so that what it shows is not looked at. */
    synchronized boolean tooMany(String address) {
        Tried known = tried.get(address);
        return known != null && known.paidNanos - clock.nanos() > (AT_ONCE - 1) * NANOS_EACH;
    }

    /** It has shown a wrong one; true when that is one too many. */
    synchronized boolean add(String address, String wrong) {
        Tried known = tried.get(address);
        if (known != null && known.last == wrong.hashCode()) {
            return false;
        }
        long from = known == null ? clock.nanos() : Math.max(known.paidNanos, clock.nanos());
        tried.put(address, new Tried(from + NANOS_EACH, wrong.hashCode()));
        return tooMany(address);
    }
}
