package dev.banyan.drill;

import dev.banyan.net.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person's browser does with a page: it asks for the style sheet, the script, the icon and the pictures that the page names, unless it still has them. It keeps
 * what it is told it may ({@code Cache-Control: max-age}). Owned by the thread that takes the person's step.
 */
final class Browser {
    /** Of the pages of the sample application a phone keeps more than this; a run that needs more of them for one person has no more. */
    private static final int MOST_KEPT = 2_000;
    private static final Pattern PARTS = Pattern.compile("<(?:img|script) src=\"([^\"]+)\"|<link rel=\"(?:stylesheet|icon)\"[^>]*? href=\"([^\"]+)\"");
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age=(\\d{1,9})(?:[,\\s]|$)");
    private static final String PICTURES = "/media/";

    private final Clock clock;
    /** Until when, by path, in the clock's nanoseconds. */
    private final Map<String, Long> kept = new LinkedHashMap<>();

    Browser(Clock clock) {
        this.clock = clock;
    }

    /** Someone's with nothing in it yet. */
    Browser another() {
        return new Browser(clock);
    }

    /** It has nothing any more, as a browser of someone who comes from another device. */
    void forget() {
        kept.clear();
    }

    /**
     * Asks for what a page is made of and is not there yet, one after the other.
     *
     * @param page its HTML
     * @param step the pictures' row in the report
     * @param most pictures that are looked at
     * @param token of the session whose cookie goes with everything; empty without one
     */
    void show(String page, String step, int most, PhotosApi api, String token, Exchanges exchanges) {
        int pictures = 0;
        for (String part : parts(page)) {
            boolean picture = part.startsWith(PICTURES);
            if (!picture) {
                get(part, api.part("asset", part, token), PhotosChecks.asset(part), exchanges);
            } else if (pictures++ < most) {
                get(part, api.part(step, part, token), PhotosChecks.media(part), exchanges);
            }
        }
    }

    /** Asks for a picture that is not there yet. */
    void picture(String step, String path, PhotosApi api, Exchanges exchanges) {
        get(path, api.media(step, path), PhotosChecks.media(path), exchanges);
    }

    private static List<String> parts(String page) {
        List<String> parts = new ArrayList<>();
        Matcher found = PARTS.matcher(page);
        while (found.find()) {
            parts.add(found.group(1) == null ? found.group(2) : found.group(1));
        }
        return parts;
    }

    private <T> void get(String path, Request request, Function<Answer, Exchanges.Verdict<T>> check, Exchanges exchanges) {
        Long until = kept.get(path);
        if (until != null && until - clock.nanos() > 0) {
            return;
        }
        exchanges.send(request, answer -> {
            Exchanges.Verdict<T> verdict = check.apply(answer);
            if (verdict instanceof Exchanges.Verdict.Right<T>) {
                keep(path, answer.cacheControl());
            }
            return verdict;
        });
    }

    private void keep(String path, String cacheControl) {
        Matcher age = MAX_AGE.matcher(cacheControl);
        if (cacheControl.contains("no-store") || cacheControl.contains("no-cache") || !age.find()) {
            return;
        }
        kept.put(path, clock.nanos() + TimeUnit.SECONDS.toNanos(Long.parseLong(age.group(1))));
        if (kept.size() > MOST_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
