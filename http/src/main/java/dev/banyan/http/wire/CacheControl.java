package dev.banyan.http.wire;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The directives of a message's {@code Cache-Control} fields (RFC 9111 section 5.2; RFC 5861; RFC 8246), read into one place however many lines there are.
 * Reused for each message; reading one without field names in it allocates nothing. Owned by one IO loop.
 *
 * <p>Lenient in grammar, strict in meaning: arguments may be quoted, junk is passed over, unknown directives are ignored; but where a directive is
 * repeated or cannot be understood the reading that reuses less wins (RFC 9111 section 4.2.1): a lifetime that is no number is 0, of two the shorter
 * counts. Numbers beyond 2^31 are {@link #MOST_SECONDS} (section 1.2.2).
 */
public final class CacheControl {
    /** A directive that is not there. */
    public static final long NONE = -1;
    public static final long MOST_SECONDS = 1L << 31;

    private static final int MOST_NAMES = 32;

    /** What has no number: each is a bit of {@link #flags}. */
    private enum Flag {
        NO_STORE,
        NO_CACHE,
        PRIVATE,
        PUBLIC,
        MUST_REVALIDATE,
        PROXY_REVALIDATE,
        MUST_UNDERSTAND,
        NO_TRANSFORM,
        ONLY_IF_CACHED,
        IMMUTABLE;

        private static final Flag[] ALL = values();
        private final byte[] lower = ascii(name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** What has a number of seconds. */
    private enum Time {
        MAX_AGE("max-age"),
        S_MAXAGE("s-maxage"),
        STALE_WHILE_REVALIDATE("stale-while-revalidate"),
        STALE_IF_ERROR("stale-if-error"),
        MIN_FRESH("min-fresh"),
        MAX_STALE("max-stale");

        private static final Time[] ALL = values();
        private final byte[] lower;

        Time(String name) {
            lower = ascii(name);
        }
    }

    private final long[] seconds = new long[Time.ALL.length];
    private final List<String> noCacheFields = new ArrayList<>();
    private final List<String> privateFields = new ArrayList<>();
    private int flags;
    private boolean any;

    public CacheControl() {
        clear();
    }

    /** Begins with the next message. */
    public void clear() {
        java.util.Arrays.fill(seconds, NONE);
        noCacheFields.clear();
        privateFields.clear();
        flags = 0;
        any = false;
    }

    /** Reads one field's value, beside what was read before it. */
    public void read(byte[] bytes, int from, int to) {
        any = true;
        int at = from;
        while (at < to) {
            int end = memberEnd(bytes, at, to);
            readMember(bytes, at, end);
            at = end + 1;
        }
    }

    /** Where the member ends that begins there: at the next comma outside of quotes. Quotes that never close do not count, so that nothing hides behind them. */
    private static int memberEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != ',') {
            int closed = bytes[i] == '"' ? afterQuoted(bytes, i, to) : -1;
            i = closed < 0 ? i + 1 : closed;
        }
        return i;
    }

    /** The index past a quoted string, or -1 when it does not end (RFC 9110 section 5.6.4). */
    private static int afterQuoted(byte[] bytes, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (bytes[i] == '\\') {
                i++;
            } else if (bytes[i] == '"') {
                return i + 1;
            }
        }
        return -1;
    }

    private void readMember(byte[] bytes, int from, int to) {
        int start = Lists.trimStart(bytes, from, to);
        int end = Lists.trimEnd(bytes, start, to);
        int equals = start;
        while (equals < end && bytes[equals] != '=') {
            equals++;
        }
        int nameEnd = Lists.trimEnd(bytes, start, equals);
        if (equals == end) {
            directive(bytes, start, nameEnd, -1, -1);
        } else if (nameEnd < equals) {
            directive(bytes, start, nameEnd, equals, end); // blanks around "=" are no grammar: an argument that cannot be read
        } else if (end - equals > 2 && bytes[equals + 1] == '"' && bytes[end - 1] == '"') {
            directive(bytes, start, nameEnd, equals + 2, end - 1);
        } else {
            directive(bytes, start, nameEnd, equals + 1, end);
        }
    }

    /** @param argument where it begins; -1 when there is none */
    private void directive(byte[] bytes, int from, int to, int argument, int argumentEnd) {
        for (Time time : Time.ALL) {
            if (Grammar.equalsIgnoreCase(bytes, from, to, time.lower)) {
                boolean bare = argument < 0 && time == Time.MAX_STALE;
                set(time, bare ? MOST_SECONDS : argument < 0 ? NONE : Lists.seconds(bytes, argument, argumentEnd));
                return;
            }
        }
        for (Flag flag : Flag.ALL) {
            if (Grammar.equalsIgnoreCase(bytes, from, to, flag.lower)) {
                set(flag, bytes, argument, argumentEnd, argument >= 0);
                return;
            }
        }
    }

    private void set(Time time, long value) {
        int i = time.ordinal();
        long read = value < 0 ? strictest(time) : value;
        if (seconds[i] == NONE) {
            seconds[i] = read;
        } else {
            seconds[i] = time == Time.MIN_FRESH ? Math.max(seconds[i], read) : Math.min(seconds[i], read);
        }
    }

    /** What a number that is none stands for: the least reuse. */
    private static long strictest(Time time) {
        return time == Time.MIN_FRESH ? MOST_SECONDS : 0;
    }

    private void set(Flag flag, byte[] bytes, int from, int to, boolean hasArgument) {
        List<String> names = flag == Flag.NO_CACHE ? noCacheFields : flag == Flag.PRIVATE ? privateFields : null;
        if (names == null || !hasArgument || !addNames(bytes, from, to, names)) {
            flags |= 1 << flag.ordinal();
        }
    }

    /** False when it is no list of names: then the directive is taken without them, which is the stricter one. */
    private static boolean addNames(byte[] bytes, int from, int to, List<String> names) {
        boolean found = false;
        for (int at = from; at < to; ) {
            int comma = Lists.comma(bytes, at, to);
            int start = Lists.trimStart(bytes, at, comma);
            int end = Lists.trimEnd(bytes, start, comma);
            at = comma + 1;
            if (start == end) {
                continue;
            }
            if (!Lists.token(bytes, start, end) || names.size() == MOST_NAMES) {
                return false;
            }
            names.add(new String(bytes, start, end - start, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
            found = true;
        }
        return found;
    }

    /** Reads a member that a structured field has already taken apart (RFC 9213); false when the directive is unknown or its value of the wrong type. */
    boolean put(String name, Object value) {
        any = true;
        byte[] bytes = ascii(name);
        for (Time time : Time.ALL) {
            if (java.util.Arrays.equals(time.lower, bytes)) {
                boolean number = value instanceof Long;
                set(time, !number ? NONE : Math.min((Long) value, MOST_SECONDS));
                return number;
            }
        }
        for (Flag flag : Flag.ALL) {
            if (java.util.Arrays.equals(flag.lower, bytes)) {
                return putFlag(flag, value);
            }
        }
        return false;
    }

    private boolean putFlag(Flag flag, Object value) {
        if (Boolean.FALSE.equals(value)) {
            return true;
        }
        byte[] names = value instanceof String text ? ascii(text) : null;
        set(flag, names, 0, names == null ? 0 : names.length, names != null);
        return true;
    }

    private boolean has(Flag flag) {
        return (flags & 1 << flag.ordinal()) != 0;
    }

    private long seconds(Time time) {
        return seconds[time.ordinal()];
    }

    /** Whether there was a field at all. */
    public boolean present() {
        return any;
    }

    public boolean noStore() {
        return has(Flag.NO_STORE);
    }

    /** Without field names; those are {@link #noCacheFields}. */
    public boolean noCache() {
        return has(Flag.NO_CACHE);
    }

    /** Without field names; those are {@link #privateFields}. */
    public boolean isPrivate() {
        return has(Flag.PRIVATE);
    }

    public boolean isPublic() {
        return has(Flag.PUBLIC);
    }

    public boolean mustRevalidate() {
        return has(Flag.MUST_REVALIDATE);
    }

    public boolean proxyRevalidate() {
        return has(Flag.PROXY_REVALIDATE);
    }

    public boolean mustUnderstand() {
        return has(Flag.MUST_UNDERSTAND);
    }

    public boolean noTransform() {
        return has(Flag.NO_TRANSFORM);
    }

    public boolean onlyIfCached() {
        return has(Flag.ONLY_IF_CACHED);
    }

    public boolean immutable() {
        return has(Flag.IMMUTABLE);
    }

    /** In seconds, or {@link #NONE}; so are the others. */
    public long maxAge() {
        return seconds(Time.MAX_AGE);
    }

    public long sMaxAge() {
        return seconds(Time.S_MAXAGE);
    }

    public long staleWhileRevalidate() {
        return seconds(Time.STALE_WHILE_REVALIDATE);
    }

    public long staleIfError() {
        return seconds(Time.STALE_IF_ERROR);
    }

    public long minFresh() {
        return seconds(Time.MIN_FRESH);
    }

    /** {@link #MOST_SECONDS} when it came without a number. */
    public long maxStale() {
        return seconds(Time.MAX_STALE);
    }

    /** The fields that {@code no-cache="..."} names, in lower case; valid until the next message. */
    public List<String> noCacheFields() {
        return noCacheFields;
    }

    /** The fields that {@code private="..."} names, in lower case; valid until the next message. */
    public List<String> privateFields() {
        return privateFields;
    }
}
