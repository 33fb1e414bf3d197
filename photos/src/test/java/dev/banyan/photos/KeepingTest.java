package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cache between a browser and the application is told of each answer. */
final class KeepingTest {
    private static final List<String> PUBLIC = List.of("/", "/explore", "/search?q=sea", "/u/keeper", "/photos/ID", "/api/v1/explore", "/api/v1/search?q=sea", "/api/v1/users/keeper",
            "/api/v1/users/keeper/photos", "/api/v1/photos/ID", "/api/v1/photos/ID/comments");

    private static WebServer web;
    private static Client member;
    private static Client visitor;
    private static long photo;

    @BeforeAll
    static void start() throws Exception {
        web = WebServer.start(TestPostgres.settings(TestPostgres.newDatabase(), "keeping"));
        visitor = Client.of(web);
        member = visitor.joined("keeper");
        photo = member.uploaded("A grey sea", 1);
    }

    @AfterAll
    static void stop() throws Exception {
        web.stop();
    }

    @Test
    void aVisitorsPageMayBeKeptForSeconds_andSaysWhatItShows() throws Exception {
        for (String path : PUBLIC) {
            Client.Got page = visitor.get(at(path));
            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.header("Cache-Control")).as(path).isEqualTo("public, max-age=0, s-maxage=5");
            assertThat(page.header("CDN-Cache-Control")).as(path).isEqualTo("max-age=5, stale-while-revalidate=30, stale-if-error=600");
            assertThat(page.header("Vary")).as(path).isEqualTo("Cookie, Authorization");
            assertThat(page.header("Surrogate-Key")).as(path).containsAnyOf("photo-" + photo, "user-keeper");
            assertThat(page.response().headers().map()).as(path).doesNotContainKey("set-cookie");
        }
    }

    @Test
    void whoeverSaysWhoTheyAreGetsAPageThatNobodyMayKeep() throws Exception {
        Client byCookie = visitor.with("Cookie", "photos_session=whatever");
        Client withForm = visitor.with("Cookie", "photos_form=whatever");
        for (String path : PUBLIC) {
            for (Client known : List.of(member, byCookie, withForm, visitor.with("Authorization", "Basic eDp5"))) {
                Client.Got page = known.get(at(path));
                assertThat(page.header("Cache-Control")).as(path).isEqualTo("private, no-store");
                assertThat(page.header("Vary")).as(path).isEqualTo("Cookie, Authorization");
                assertThat(page.response().headers().map()).as(path).doesNotContainKeys("cdn-cache-control", "etag", "surrogate-key");
            }
        }
    }

    @Test
    void whatIsSomeonesOwn_whatChanges_andWhatFails_isNobodysToKeep() throws Exception {
        for (Client.Got answer : List.of(member.get("/api/v1/me"), member.get("/api/v1/feed"), visitor.get("/login"), visitor.get("/register"), visitor.get("/photos/999999"),
                visitor.get("/media/" + "0".repeat(64) + ".jpg"), visitor.get("/nowhere"), member.json("PUT", "/api/v1/photos/" + photo + "/like", Map.of()))) {
            assertThat(answer.header("Cache-Control")).as(answer.response().uri().getPath()).isEqualTo("private, no-store");
        }
    }

    @Test
    void aPageThatHasNotChangedIsNotSentAgain() throws Exception {
        Client.Got page = visitor.get("/api/v1/users/keeper");
        Client.Got again = visitor.with("If-None-Match", page.header("ETag")).get("/api/v1/users/keeper");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("ETag")).isEqualTo(page.header("ETag"));
        assertThat(again.header("Cache-Control")).isEqualTo(page.header("Cache-Control"));
        assertThat(again.response().body()).isEmpty();
    }

    @Test
    void whatAPageIsMadeOfIsKeptForever_underAUrlThatHoldsItsHash() throws Exception {
        Matcher named = Pattern.compile("(?:src|href)=\"(/static/[^\"]+|/media/[^\"]+)\"").matcher(visitor.get("/explore").text());
        int found = 0;
        while (named.find()) {
            Client.Got got = visitor.get(named.group(1));
            assertThat(got.header("Cache-Control")).as(named.group(1)).isEqualTo("public, max-age=31536000, immutable");
            assertThat(got.header("Vary")).isEmpty();
            assertThat(visitor.with("If-None-Match", got.header("ETag")).get(named.group(1)).status()).isEqualTo(304);
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aDeliveryNetworkAsksForAPictureAgainEachHour_soThatADeletedOneGoes() throws Exception {
        long other = member.uploaded("To be deleted", 2);
        String url = member.get("/api/v1/photos/" + other).json().path("url").asString();
        Client.Got picture = visitor.get(url);
        assertThat(picture.header("CDN-Cache-Control")).isEqualTo("max-age=3600, stale-while-revalidate=60, stale-if-error=86400");
        assertThat(picture.header("Surrogate-Key")).isEqualTo("picture-" + url.substring(7, 23));
        assertThat(member.send("DELETE", "/api/v1/photos/" + other, null, new byte[0]).status()).isEqualTo(204);
        assertThat(visitor.with("If-None-Match", picture.header("ETag")).get(url).status()).isEqualTo(404);
    }

    private static String at(String path) {
        return path.replace("ID", Long.toString(photo));
    }
}
