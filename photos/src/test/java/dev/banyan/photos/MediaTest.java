package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a picture is served: whole, in ranges, conditionally, and in pieces when it is large. */
final class MediaTest {
    private static WebServer web;
    private static Client client;
    private static byte[] picture;
    private static String url;

    @BeforeAll
    static void uploadAPictureOfSeveralPieces() throws Exception {
        web = WebServer.start(TestPostgres.settings(TestPostgres.newDatabase(), "media"));
        client = Client.of(web);
        byte[] noise = new byte[700_000];
        new SplittableRandom(1).nextBytes(noise);
        picture = Arrays.copyOf(TestPicture.encoded("png", 40, 30, 5), 700_000);
        int end = TestPicture.encoded("png", 40, 30, 5).length;
        System.arraycopy(noise, end, picture, end, noise.length - end);
        url = client.joined("ann").send("POST", "/api/v1/photos?title=Large", "image/png", picture).json().get("url").asString();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        web.stop();
    }

    @Test
    void theWholePictureIsThereForAYear() throws Exception {
        Client.Got got = client.get(url);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.response().body()).isEqualTo(picture);
        assertThat(url).matches("/media/[0-9a-f]{64}\\.png");
        assertThat(got.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(got.header("Content-Type")).isEqualTo("image/png");
        assertThat(got.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(got.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        Client.Got got = client.send("HEAD", url, null, new byte[0]);
        assertThat(got.header("Content-Length")).isEqualTo("700000");
        assertThat(got.response().body()).isEmpty();
    }

    @Test
    void aRangeAcrossPieces() throws Exception {
        Client.Got got = client.with("Range", "bytes=262000-600000").get(url);
        assertThat(got.status()).isEqualTo(206);
        assertThat(got.header("Content-Range")).isEqualTo("bytes 262000-600000/700000");
        assertThat(got.response().body()).isEqualTo(Arrays.copyOfRange(picture, 262_000, 600_001));
    }

    @Test
    void aRangeBeyondTheEndIs416() throws Exception {
        Client.Got got = client.with("Range", "bytes=700000-").get(url);
        assertThat(got.status()).isEqualTo(416);
        assertThat(got.header("Content-Range")).isEqualTo("bytes */700000");
    }

    @Test
    void ifRangeWithAnotherTagSendsTheWhole() throws Exception {
        String etag = client.get(url).header("ETag");
        assertThat(client.with("Range", "bytes=0-9").with("If-Range", etag).get(url).status()).isEqualTo(206);
        assertThat(client.with("Range", "bytes=0-9").with("If-Range", "\"other\"").get(url).status()).isEqualTo(200);
    }

    @Test
    void whoHasItAlreadyGets304() throws Exception {
        Client.Got got = client.with("If-None-Match", client.get(url).header("ETag")).get(url);
        assertThat(got.status()).isEqualTo(304);
        assertThat(got.response().body()).isEmpty();
        assertThat(got.header("Cache-Control")).contains("immutable");
    }

    @Test
    void otherNamesAreNotFound() throws Exception {
        assertThat(client.get("/media/" + "0".repeat(64) + ".jpg").status()).isEqualTo(404);
        assertThat(client.get("/media/..%2f..%2fetc%2fpasswd").status()).isIn(400, 404);
        assertThat(client.json("POST", url, Map.of()).status()).isEqualTo(405);
    }
}
