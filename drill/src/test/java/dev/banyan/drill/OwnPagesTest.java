package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.LoadOptions.Script;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against sites with a good and with a bad memory. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnPagesTest {
    private final Loops loops = Loops.open();

    @AfterEach
    void close() {
        loops.close();
    }

    /** Looks until that has been seen. */
    private OwnPages.Seen until(Predicate<OwnPages.Seen> enough, Origin site, Script script, Optional<String> ownWrites) throws InterruptedException {
        Clock clock = Clock.system();
        try (OwnPages pages = OwnPages.begin(LoadOptions.at(site.url("/"), script), ownWrites, loops, clock, Loops.random(1)).orElseThrow()) {
            while (!enough.test(pages.seen())) {
                clock.sleep(Duration.ofMillis(20));
            }
            return pages.seen();
        }
    }

    private Origin photos(PhotosDouble.Memory memory) {
        return Origin.pages(loops, new PhotosDouble(memory));
    }

    @Test
    void whoIsShownAllTheyDoMissesNothing() throws InterruptedException {
        try (Origin site = photos(PhotosDouble.Memory.GOOD)) {
            assertThat(until(seen -> seen.pages() >= 12, site, Script.PHOTOS, Optional.empty()).stale()).isZero();
        }
    }

    @Test
    void aCommentThatItsAuthorIsNotShownIsFound() throws InterruptedException {
        try (Origin site = photos(PhotosDouble.Memory.FORGETS_EVERY_FIFTH)) {
            OwnPages.Seen seen = until(found -> found.stale() >= 1, site, Script.PHOTOS, Optional.empty());
            assertThat(seen.examples()).isNotEmpty().allMatch(line -> line.matches("GET /(api/v1/)?photos/\\d+(/comments)? answered 200 .*without a comment that its user had made, \\d+ ms after that was acknowledged"));
        }
    }

    /** Keeps what is put to it, or not; gives a cookie, and wants it back. */
    private Origin notes(boolean keeps) {
        Map<String, byte[]> kept = new ConcurrentHashMap<>();
        return Origin.pages(loops, asked -> {
            if (asked.method().equals("PUT")) {
                if (keeps) {
                    kept.put(asked.path(), asked.body());
                }
                return Origin.Reply.of(201, "").with("Set-Cookie", "position=7; Path=/");
            }
            boolean known = kept.containsKey(asked.path()) && asked.headers().getOrDefault("cookie", "").contains("position=7");
            return known ? Origin.Reply.of(200, new String(kept.get(asked.path()), StandardCharsets.US_ASCII)) : Origin.Reply.of(404, "");
        });
    }

    @Test
    void anotherSiteIsAskedForWhatWasPutToAnAddressOfIts_withItsCookies() throws InterruptedException {
        try (Origin good = notes(true); Origin bad = notes(false)) {
            assertThat(until(seen -> seen.pages() >= 6, good, Script.URL, Optional.of(good.url("/notes/") + "{key}")).stale()).isZero();
            assertThat(until(seen -> seen.stale() >= 1, bad, Script.URL, Optional.of(bad.url("/notes/") + "{key}?now")).examples()).first().asString().startsWith("GET /notes/banyan").contains("answered 404 without a text");
        }
    }

    @Test
    void withoutSuchAnAddressNothingIsLookedAt_andOneWithoutAKeyIsRefused() {
        try (Origin site = notes(true)) {
            LoadOptions options = LoadOptions.at(site.url("/"), Script.URL);
            assertThat(OwnPages.begin(options, Optional.empty(), loops, Clock.system(), Loops.random(1))).isEmpty();
            assertThatThrownBy(() -> OwnPages.begin(options, Optional.of(site.url("/notes").toString()), loops, Clock.system(), Loops.random(1))).isInstanceOf(BanyanException.class).hasMessageContaining("{key}");
        }
    }
}
