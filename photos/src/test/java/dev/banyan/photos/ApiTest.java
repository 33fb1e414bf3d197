package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The JSON API over sockets, on a real PostgreSQL, with two instances that know nothing of each other; with each kind of cache and without one. */
@ParameterizedClass
@EnumSource(TestCache.class)
final class ApiTest {
    private static TestCache.Running cache;

    @Parameter
    private TestCache kind;

    private static WebServer one;
    private static WebServer two;

    @BeforeParameterizedClassInvocation
    static void startTwoInstancesAtOnce(TestCache kind) throws Exception {
        String url = TestPostgres.newDatabase();
        cache = kind.start(url);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<WebServer> first = threads.submit(() -> WebServer.start(cache.settings(url, "one")));
            Future<WebServer> second = threads.submit(() -> WebServer.start(cache.settings(url, "two")));
            one = first.get();
            two = second.get();
        }
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        one.stop();
        two.stop();
        cache.close();
    }

    @Test
    void everyAnswerSaysWhoGaveIt() throws Exception {
        assertThat(Client.of(one).get("/health").header("X-Served-By")).isEqualTo("one");
        assertThat(Client.of(two).get("/nowhere").header("X-Served-By")).isEqualTo("two");
        assertThat(Client.of(two).get("/health").json().get("status").asString()).isEqualTo("ok");
    }

    @Test
    void whatOneInstanceWrites_theOtherShows() throws Exception {
        Client ann = Client.of(one).joined("ann_both");
        long photo = ann.uploaded("Seen from both sides", 1);
        Client.Got seen = ann.at(two).get("/api/v1/photos/" + photo);
        assertThat(seen.json().get("title").asString()).isEqualTo("Seen from both sides");
        assertThat(seen.header("X-Served-By")).isEqualTo("two");
        assertThat(ann.at(two).get("/api/v1/me").json().get("photos").asInt()).isEqualTo(1);
        ann.json("DELETE", "/api/v1/sessions/current", Map.of());
        assertThat(ann.at(two).get("/api/v1/me").status()).isEqualTo(401);
    }

    @Test
    void theFeedHasThePhotosOfThoseOneFollows_newestFirst_pageByPage() throws Exception {
        Client fan = Client.of(one).joined("fan");
        Client star = Client.of(two).joined("star");
        Client stranger = Client.of(two).joined("stranger");
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expected.addFirst(star.uploaded("Star " + i, 10 + i));
            stranger.uploaded("Stranger " + i, 20 + i);
        }
        assertThat(fan.json("PUT", "/api/v1/users/star/follow", Map.of()).status()).isEqualTo(204);
        assertThat(fan.json("PUT", "/api/v1/users/star/follow", Map.of()).status()).isEqualTo(204);
        assertThat(fan.get("/api/v1/users/star").json().get("followers").asInt()).isEqualTo(1);
        List<Long> seen = new ArrayList<>();
        String next = "/api/v1/feed?limit=2";
        while (next != null) {
            var slice = fan.get(next).json();
            slice.get("photos").forEach(photo -> seen.add(photo.get("id").asLong()));
            next = slice.get("before").isNull() ? null : "/api/v1/feed?limit=2&before=" + slice.get("before").asLong();
        }
        assertThat(seen).isEqualTo(expected);
        fan.json("DELETE", "/api/v1/users/star/follow", Map.of());
        assertThat(fan.get("/api/v1/feed").json().get("photos")).isEmpty();
        assertThat(fan.get("/api/v1/users/star").json().get("followers").asInt()).isZero();
    }

    @Test
    void likesAreIdempotent_andTheCountIsExactUnderConcurrency() throws Exception {
        Client owner = Client.of(one).joined("liked_owner");
        long photo = owner.uploaded("Liked by many", 30);
        List<Client> fans = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            fans.add(Client.of(i % 2 == 0 ? one : two).joined("liker" + i));
        }
        List<Callable<Integer>> all = new ArrayList<>();
        for (Client fan : fans) {
            for (int i = 0; i < 4; i++) {
                all.add(() -> fan.json("PUT", "/api/v1/photos/" + photo + "/like", Map.of()).status());
            }
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> each : threads.invokeAll(all)) {
                assertThat(each.get()).isEqualTo(200);
            }
        }
        assertThat(owner.get("/api/v1/photos/" + photo).json().get("likes").asInt()).isEqualTo(6);
        var off = fans.getFirst().json("DELETE", "/api/v1/photos/" + photo + "/like", Map.of()).json();
        assertThat(off.get("likes").asInt()).isEqualTo(5);
        assertThat(off.get("liked").asBoolean()).isFalse();
        assertThat(fans.getFirst().json("DELETE", "/api/v1/photos/" + photo + "/like", Map.of()).json().get("likes").asInt()).isEqualTo(5);
    }

    @Test
    void anIdempotencyKeyMakesManyCallsOneComment() throws Exception {
        Client ann = Client.of(one).joined("ann_key");
        long photo = ann.uploaded("Commented", 40);
        String path = "/api/v1/photos/" + photo + "/comments";
        Client keyed = ann.with("Idempotency-Key", "load-7");
        List<Callable<Client.Got>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Client at = keyed.at(i % 2 == 0 ? one : two);
            calls.add(() -> at.json("POST", path, Map.of("text", "once & only")));
        }
        List<Long> ids = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Client.Got> each : threads.invokeAll(calls)) {
                assertThat(each.get().status()).isEqualTo(201);
                ids.add(each.get().json().get("id").asLong());
            }
        }
        assertThat(ids).hasSize(8).containsOnly(ids.getFirst());
        assertThat(ann.get("/api/v1/photos/" + photo).json().get("comments").asInt()).isEqualTo(1);
        assertThat(ann.get("/api/v1/comments/" + ids.getFirst()).json().get("idempotencyKey").asString()).isEqualTo("load-7");
        assertThat(Client.of(two).get("/api/v1/comments/" + ids.getFirst()).json().get("idempotencyKey").isNull()).isTrue();
        assertThat(keyed.json("POST", path, Map.of("text", "another")).status()).isEqualTo(422);
    }

    @Test
    void anIdempotencyKeyMakesManyUploadsOnePhoto_andManyRegistrationsOneUser() throws Exception {
        Client ann = Client.of(one).joined("ann_upload").with("Idempotency-Key", "photo-1");
        long first = ann.uploaded("The same", 50);
        assertThat(ann.at(two).uploaded("The same", 50)).isEqualTo(first);
        assertThat(ann.get("/api/v1/me").json().get("photos").asInt()).isEqualTo(1);
        Client joining = Client.of(one).with("Idempotency-Key", "join-1");
        Map<String, String> user = Map.of("name", "joiner", "password", "correct horse");
        long id = joining.json("POST", "/api/v1/users", user).json().get("id").asLong();
        assertThat(joining.json("POST", "/api/v1/users", user).json().get("id").asLong()).isEqualTo(id);
        assertThat(Client.of(one).json("POST", "/api/v1/users", user).status()).isEqualTo(409);
    }

    @Test
    void searchFindsTitlesThatHaveAllTheWords_inAnyForm() throws Exception {
        Client ann = Client.of(one).joined("ann_search");
        long photo = ann.uploaded("Zebras at the Waterhole", 60);
        for (String query : List.of("zebra", "WATERHOLE%20zebras", "zebras%20at")) {
            assertThat(ann.get("/api/v1/search?q=" + query).json().get("photos").get(0).get("id").asLong()).isEqualTo(photo);
        }
        assertThat(ann.get("/api/v1/search?q=zebra%20lion").json().get("photos")).isEmpty();
        assertThat(ann.get("/api/v1/search?q=%27%29%3B--%20%26%20%21").json().get("photos")).isEmpty();
    }

    @Test
    void onlyTheOwnerDeletes_andThePictureGoesWithItsLastPhoto() throws Exception {
        Client ann = Client.of(one).joined("ann_delete");
        Client bob = Client.of(two).joined("bob_delete");
        long anns = ann.uploaded("Mine", 70);
        long bobs = bob.uploaded("The same picture", 70);
        String url = ann.get("/api/v1/photos/" + anns).json().get("url").asString();
        assertThat(bob.json("DELETE", "/api/v1/photos/" + anns, Map.of()).status()).isEqualTo(403);
        assertThat(ann.json("DELETE", "/api/v1/photos/" + anns, Map.of()).status()).isEqualTo(204);
        assertThat(ann.get("/api/v1/photos/" + anns).status()).isEqualTo(404);
        assertThat(ann.get(url).status()).isEqualTo(200);
        assertThat(bob.json("DELETE", "/api/v1/photos/" + bobs, Map.of()).status()).isEqualTo(204);
        assertThat(ann.get(url).status()).isEqualTo(404);
    }

    @Test
    void problemsAreJsonThatSaysWhatToDo() throws Exception {
        Client nobody = Client.of(one);
        assertProblem(nobody.get("/api/v1/feed"), 401, "log in");
        assertProblem(nobody.get("/api/v1/photos/999999999"), 404, "999999999");
        assertProblem(nobody.get("/api/v1/photos/x"), 404, "x");
        assertProblem(nobody.get("/api/v1/explore?limit=0"), 400, "1 to 100");
        assertProblem(nobody.send("POST", "/api/v1/users", "application/json", "{".getBytes(StandardCharsets.UTF_8)), 400, "JSON");
        assertProblem(nobody.json("POST", "/api/v1/users", Map.of("name", "x", "password", "long enough")), 422, "3 to 30");
        assertProblem(nobody.json("POST", "/api/v1/users", Map.of("name", "shorty", "password", "short")), 422, "8 to 200");
        assertProblem(nobody.json("POST", "/api/v1/sessions", Map.of("name", "nobody", "password", "whatever")), 401, "belong");
        Client.Got wrong = nobody.json("PATCH", "/api/v1/photos/1", Map.of());
        assertProblem(wrong, 405, "DELETE, GET");
        assertThat(wrong.header("Allow")).isEqualTo("DELETE, GET");
        assertThat(nobody.get("/api/v1/feed").header("WWW-Authenticate")).isEqualTo("Bearer");
        Client ann = nobody.joined("ann_problem");
        assertProblem(ann.send("POST", "/api/v1/photos?title=x", "image/png", "not a png".getBytes(StandardCharsets.UTF_8)), 415, "none of them");
        assertProblem(ann.send("POST", "/api/v1/photos?title=x", "image/png", new byte[Picture.MOST_BYTES + 1]), 413, "10 MB");
        assertProblem(ann.send("POST", "/api/v1/photos?title=x", "text/plain", new byte[3]), 415, "multipart/form-data");
        assertProblem(ann.json("POST", "/api/v1/photos/999999999/comments", Map.of("text", "hello")), 404, "999999999");
        assertProblem(ann.json("PUT", "/api/v1/photos/999999999/like", Map.of()), 404, "999999999");
        assertProblem(ann.json("PUT", "/api/v1/users/nobody_there/follow", Map.of()), 404, "nobody_there");
        assertProblem(ann.json("PUT", "/api/v1/users/ann_problem/follow", Map.of()), 422, "yourself");
    }

    private static void assertProblem(Client.Got got, int status, String detail) {
        assertThat(got.status()).isEqualTo(status);
        assertThat(got.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(got.json().get("status").asInt()).isEqualTo(status);
        assertThat(got.json().get("detail").asString()).contains(detail);
    }
}
