package dev.banyan.drill;

import dev.banyan.net.Clock;
import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The cookies that one site gave one user, and what that user's next request says of them (RFC 6265, section 5). Only those for the whole site are
 * kept ({@code Path=/}): a path of its own, a domain and {@code Secure} make no difference to a user of one origin. Owned by the thread that takes
 * the user's step; when they take none, any number of threads may ask for the field, which changes nothing.
 */
final class CookieJar {
    /** Names kept at a time; the one that was set longest ago makes room. */
    static final int MOST_COOKIES = 50;
    /** Characters of one {@code Cookie} field, all of them together: servers bound a request's head. */
    static final int MOST_TEXT = 4096;

    private static final String SEPARATOR = "; ";

    private final Clock clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    /** Characters of all pairs, a separator with each. */
    private int text;

    /** @param untilNanos when it goes, in the clock's nanoseconds, if it goes at all */
    private record Kept(String pair, boolean goes, long untilNanos) {
        boolean gone(long now) {
            return goes && now - untilNanos >= 0;
        }

        int length() {
            return pair.length() + SEPARATOR.length();
        }
    }

    CookieJar(Clock clock) {
        this.clock = clock;
    }

    /** Someone else's, with nothing in it. */
    CookieJar another() {
        return new CookieJar(clock);
    }

    /** Takes in what an answer sets, in its order. */
    void keep(Answer answer) {
        answer.cookies().forEach(this::set);
    }

    /** Takes in one {@code Set-Cookie} field; what is malformed, or has no {@code Path=/}, is as if it had not come. */
    void set(String setCookie) {
        Cookie cookie = ClientCookieDecoder.STRICT.decode(setCookie);
        if (cookie == null || !"/".equals(cookie.path())) {
            return;
        }
        String value = cookie.wrap() ? '"' + cookie.value() + '"' : cookie.value();
        boolean goes = cookie.maxAge() != Cookie.UNDEFINED_MAX_AGE;
        Kept fresh = new Kept(cookie.name() + "=" + value, goes, goes ? clock.nanos() + TimeUnit.SECONDS.toNanos(Math.min(cookie.maxAge(), Integer.MAX_VALUE)) : 0);
        if (fresh.length() > MOST_TEXT) {
            return;
        }
        remove(cookie.name());
        if (!goes || cookie.maxAge() > 0) {
            put(cookie.name(), fresh);
        }
    }

    private void put(String name, Kept fresh) {
        kept.put(name, fresh);
        text += fresh.length();
        while (kept.size() > MOST_COOKIES || text > MOST_TEXT) {
            remove(kept.keySet().iterator().next());
        }
    }

    private void remove(String name) {
        Kept old = kept.remove(name);
        text -= old == null ? 0 : old.length();
    }

    /**
     * What a request's {@code Cookie} field says; empty when there is nothing to say.
     *
     * @param ownName a cookie that this request has besides, instead of a kept one of that name
     */
    String field(String ownName, String ownValue) {
        return fill(new StringBuilder(ownName).append('=').append(ownValue), ownName);
    }

    /** The same without one of its own. */
    String field() {
        return kept.isEmpty() ? "" : fill(new StringBuilder(), "");
    }

    private String fill(StringBuilder field, String except) {
        long now = clock.nanos();
        kept.forEach((name, cookie) -> {
            if (!cookie.gone(now) && !name.equals(except)) {
                field.append(field.isEmpty() ? "" : SEPARATOR).append(cookie.pair());
            }
        });
        return field.toString();
    }
}
