package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PhotosScriptTest {
    private static final int USERS = 10;

    private final Loops loops = Loops.open();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void takesEveryKindOfStep_failsNothing_andFindsEveryWriteAgain() {
        PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.GOOD);
        LoadReport report = load(photos, 1200);

        assertThat(report.byKind()).isEmpty();
        assertThat(report.arrivals()).isEqualTo(1200);
        assertThat(report.steps()).containsOnlyKeys("log_in", "log_out", "explore", "feed", "search", "photo", "media", "thumbnail", "comments", "page", "visit", "asset",
                "profile", "profile_photos", "like", "comment", "follow", "upload");
        assertThat(report.requests()).isEqualTo(report.steps().values().stream().mapToLong(LoadReport.Step::requests).sum()).isGreaterThan(1200);
        assertThat(report.writes().clean()).isTrue();
        assertThat(report.writes().unacknowledged()).isZero();
        long writes = List.of("like", "comment", "follow", "upload").stream().mapToLong(step -> report.steps().get(step).requests()).sum();
        assertThat(report.writes().acknowledged()).isEqualTo(writes + USERS).isGreaterThan(100);
        assertThat(report.exitCode()).isZero();
        assertThat(folder.resolve("ledger")).exists();
    }

    @Test
    void findsTheWritesThatWereAcknowledgedAndForgotten() {
        PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.FORGETS_EVERY_FIFTH);
        LoadReport report = load(photos, 1000);
        assertThat(report.failed()).isZero();
        assertThat(report.writes().lost()).isEqualTo(photos.writtenComments() / 5).isPositive();
        assertThat(report.writes().doubled()).isZero();
        assertThat(report.writes().examples()).isNotEmpty().allMatch(e -> e.startsWith("lost: comment "));
        assertThat(report.exitCode()).isEqualTo(1);
    }

    @Test
    void findsTheWritesThatAreThereTwice() {
        PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.DOUBLES_EVERY_FIFTH);
        LoadReport report = load(photos, 1000);
        assertThat(report.writes().doubled()).isEqualTo(photos.writtenComments() / 5).isPositive();
        assertThat(report.writes().lost()).isZero();
        assertThat(report.exitCode()).isEqualTo(1);
    }

    @Test
    void aBrowserAsksAgainOnlyForWhatItDidNotKeep_andOneInFiveHasKeptNothing() {
        LoadReport report = load(new PhotosDouble(PhotosDouble.Memory.GOOD), 1000);
        long pages = report.steps().get("page").requests();
        long visits = report.steps().get("visit").requests();
        assertThat(report.steps().get("asset").requests()).isBetween(visits + pages / 10, visits + pages / 3);
        assertThat(report.steps().get("thumbnail").requests()).isGreaterThan(pages).isLessThan(12 * pages);
        assertThat(report.caches()).as("no cache has said anything").isEmpty();
    }

    @Test
    void countsWhatCachesOnTheWaySayTheyDid() {
        PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.GOOD);
        LoadReport report = load(asked -> photos.to(asked).with("Cache-Status", asked.path().startsWith("/api/") ? "edge-1; fwd=bypass" : "edge-1; hit"), 500);
        LoadReport.Caches caches = report.caches().orElseThrow();
        assertThat(caches.hits() + caches.forwarded()).isEqualTo(report.requests());
        assertThat(caches.unsaid() + caches.collapsed()).isZero();
        assertThat(caches.originShare()).isBetween(0.05, 0.5);
    }

    @Test
    void seesAPictureWhoseBytesAreNotThoseItsNameSays() {
        PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.GOOD);
        photos.breakMedia();
        LoadReport report = load(photos, 200);
        long pictures = report.steps().get("media").requests() + report.steps().get("thumbnail").requests();
        assertThat(report.byKind()).containsOnlyKeys("wrong_body").containsEntry("wrong_body", pictures);
    }

    @Test
    void aCookieThatAnAnswerSets_comesWithEveryLaterRequestOfThatUser_andOfNoOther() {
        GivesCookies site = new GivesCookies();
        LoadReport report = load(site, 600);

        assertThat(report.failed()).isZero();
        assertThat(report.writes().clean()).isTrue();
        assertThat(site.wrong).isEmpty();
        assertThat(site.strangers.get("page")).as("only visitors come without").isEqualTo((int) report.steps().get("visit").requests());
        assertThat(site.seen).containsKeys("/api/v1/photos", "/api/v1/feed", "/media", "/photos");
    }

    /** The photos application behind a door that gives each user a cookie with the answer to their log in, and notes who does not bring it back. */
    private static final class GivesCookies implements Origin.Page {
        private final PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.GOOD);
        private final Map<String, String> nameOf = new ConcurrentHashMap<>();
        private final Map<String, Boolean> seen = new ConcurrentHashMap<>();
        private final Map<String, Integer> strangers = new ConcurrentHashMap<>();
        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

        @Override
        public Origin.Reply to(Origin.Asked asked) {
            String cookies = asked.headers().getOrDefault("cookie", "");
            String session = asked.headers().getOrDefault("authorization", "").replace("Bearer ", "");
            String path = asked.path();
            if (!path.startsWith("/api/") && cookies.isEmpty()) {
                strangers.merge(path.startsWith("/media/") || path.startsWith("/static/") ? "part" : "page", 1, Integer::sum);
            } else if (path.startsWith("/media/") && !cookies.contains("photos_session")) {
                check(path, nameOf.containsValue(cookies.replace("who=", "")), cookies);
            } else if (!path.startsWith("/api/")) {
                String token = cookies.replaceFirst("^photos_session=([^;]*);.*", "$1");
                check(path, cookies.equals("photos_session=" + token + "; who=" + nameOf.get(token)), cookies);
            } else if (!session.isEmpty()) {
                check(path, cookies.equals("who=" + nameOf.get(session)), cookies);
            }
            Origin.Reply reply = photos.to(asked);
            return asked.method().equals("POST") && path.equals("/api/v1/sessions") ? welcome(reply) : reply;
        }

        private void check(String path, boolean right, String cookies) {
            seen.put(path.replaceFirst("/[^/]*$", ""), true);
            seen.put(path, true);
            if (!right) {
                wrong.add(path + " with '" + cookies + "'");
            }
        }

        private Origin.Reply welcome(Origin.Reply reply) {
            JsonNode session = JsonMapper.builder().build().readTree(reply.body());
            nameOf.put(session.path("token").asString(), session.path("name").asString());
            return reply.with("Set-Cookie", "who=" + session.path("name").asString() + "; Path=/; HttpOnly");
        }
    }

    @Test
    void aStepForWhichNobodyIsFreeInTime_isDropped_andSaidToBe() {
        PhotosDouble photos = new PhotosDouble(PhotosDouble.Memory.GOOD);
        AtomicBoolean slow = new AtomicBoolean();
        try (Origin origin = Origin.pages(loops, asked -> {
            if (slow.get()) {
                Clock.system().sleep(Duration.ofMillis(100));
            }
            slow.compareAndSet(false, asked.path().endsWith("/explore"));
            return photos.to(asked);
        })) {
            LoadOptions options = LoadOptions.at(origin.url(""), LoadOptions.Script.PHOTOS).edit().users(1).rate(Rate.constant(100)).requests(50)
                    .timeout(Duration.ofMillis(500)).done();
            LoadReport report = Load.run(options, loops, Clock.system(), Loops.random(3), second -> {});

            assertThat(report.arrivals()).isEqualTo(50);
            assertThat(report.byKind()).containsOnlyKeys("dropped_by_generator");
            assertThat(report.byKind().get("dropped_by_generator")).isGreaterThan(30);
            assertThat(report.late()).isGreaterThan(30);
        }
    }

    @Test
    void saysSo_whenTheSiteIsNotThePhotosApplication() {
        try (Origin other = Origin.pages(loops, asked -> Origin.Reply.of(404, "what?"))) {
            LoadOptions options = LoadOptions.at(other.url(""), LoadOptions.Script.PHOTOS).edit().users(2).done();
            assertThatThrownBy(() -> Load.run(options, loops, Clock.system(), Loops.random(1), s -> {})).isInstanceOf(BanyanException.class)
                    .hasMessageContaining("could not join").hasMessageContaining("status_404").hasMessageContaining("--script url");
        }
    }

    @Test
    void theSharesOfTheMixAddUp() {
        int sum = 0;
        for (Mix step : Mix.values()) {
            sum += step.thousandths();
        }
        assertThat(sum).isEqualTo(1000);
    }

    private LoadReport load(Origin.Page photos, long steps) {
        try (Origin origin = Origin.pages(loops, photos)) {
            List<LoadProgress> seconds = new ArrayList<>();
            LoadOptions options = LoadOptions.at(origin.url(""), LoadOptions.Script.PHOTOS).edit().users(USERS).rate(Rate.constant(1000)).requests(steps)
                    .timeout(Duration.ofSeconds(5)).ledger(folder.resolve("ledger")).done();
            LoadReport report = Load.run(options, loops, Clock.system(), Loops.random(3), seconds::add);
            assertThat(seconds).startsWith(new LoadProgress.Joined(1, USERS)).contains(new LoadProgress.Joined(USERS, USERS));
            return report;
        }
    }
}
