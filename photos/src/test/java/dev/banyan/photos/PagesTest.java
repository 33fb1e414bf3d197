package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages as a browser without scripts uses them: forms, cookies, redirects; with each kind of cache and without one. */
@ParameterizedClass
@EnumSource(TestCache.class)
final class PagesTest {
    private static final String SCRIPT = "<script>alert(\"1\")</script>";

    private static TestCache.Running cache;
    private static WebServer web;

    @Parameter
    private TestCache kind;

    @BeforeParameterizedClassInvocation
    static void start(TestCache kind) throws Exception {
        String url = TestPostgres.newDatabase();
        cache = kind.start(url);
        web = WebServer.start(cache.settings(url, "<pages>"));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        web.stop();
        cache.close();
    }

    @Test
    void joinUploadCommentLikeDeleteLogOut() throws Exception {
        Client ann = joined("ann", "Ann");
        String photo = upload(ann, "A first photo");
        Client.Got page = ann.get(photo);
        assertThat(page.text()).contains("<h1>A first photo</h1>").contains("No comments yet.").contains("Delete this photo");
        assertThat(ann.form(photo + "/comments", Map.of("csrf", page.csrf(), "key", "k1", "text", "Nice, ann!")).header("Location")).isEqualTo(photo + "#comments");
        ann.form(photo + "/comments", Map.of("csrf", page.csrf(), "key", "k1", "text", "Nice, ann!"));
        assertThat(ann.get(photo).text()).containsOnlyOnce("Nice, ann!");
        assertThat(ann.form(photo + "/like", Map.of("csrf", page.csrf(), "back", photo)).header("Location")).isEqualTo(photo);
        assertThat(ann.get(photo).text()).contains("aria-pressed=\"true\"");
        assertThat(ann.get("/").text()).contains("A first photo");
        assertThat(ann.get("/search?q=first").text()).contains("A first photo");
        assertThat(ann.form(photo + "/delete", Map.of("csrf", page.csrf())).header("Location")).isEqualTo("/u/ann");
        assertThat(ann.get(photo).status()).isEqualTo(404);
        Client.Got out = ann.form("/logout", Map.of("csrf", page.csrf()));
        assertThat(out.header("Set-Cookie")).startsWith("photos_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        assertThat(ann.get("/upload").header("Location")).isEqualTo("/login");
    }

    @Test
    void whatPeopleTypeNeverBecomesMarkup() throws Exception {
        Client eve = joined("eve", SCRIPT);
        String photo = upload(eve, SCRIPT);
        eve.form(photo + "/comments", Map.of("csrf", eve.get(photo).csrf(), "key", "x", "text", SCRIPT));
        for (String path : new String[] {photo, "/", "/explore", "/u/eve", "/search?q=%3Cscript%3Ealert%28%221%22%29%3C%2Fscript%3E", "/%3Cscript%3Ealert(%221%22)"}) {
            Client.Got page = eve.get(path);
            assertThat(page.text()).as(path).doesNotContain("<script>alert").doesNotContain("\"1\")").contains("&lt;pages&gt;").doesNotContain("<pages>");
            assertThat(page.header("Content-Security-Policy")).contains("default-src 'self'");
        }
        assertThat(eve.get(photo).text()).contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    }

    @Test
    void aFormWithoutItsTokenDoesNothing() throws Exception {
        Client bob = joined("bob", "Bob");
        String photo = upload(bob, "Bob's");
        assertThat(bob.form(photo + "/delete", Map.of()).status()).isEqualTo(403);
        assertThat(bob.form(photo + "/delete", Map.of("csrf", Token.random().csrf())).status()).isEqualTo(403);
        assertThat(bob.get(photo).status()).isEqualTo(200);
        assertThat(Client.of(web).form("/login", Map.of("name", "bob", "password", "correct horse")).status()).isEqualTo(403);
    }

    @Test
    void aPageOfAnotherSiteCannotUseTheCookieForTheApi() throws Exception {
        Client bob = joined("bob_api", "Bob");
        String photo = upload(bob, "Liked from here only");
        String like = "/api/v1" + photo + "/like";
        assertThat(bob.with("Origin", "https://evil.example").json("PUT", like, Map.of()).status()).isEqualTo(403);
        assertThat(bob.with("Sec-Fetch-Site", "cross-site").json("PUT", like, Map.of()).status()).isEqualTo(403);
        assertThat(bob.with("Origin", "http://127.0.0.1:" + web.port()).json("PUT", like, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void theCookieIsSecureBehindHttps() throws Exception {
        Client https = Client.of(web).with("X-Forwarded-Proto", "https");
        assertThat(https.get("/login").header("Set-Cookie")).contains("; HttpOnly; SameSite=Lax; Secure");
        assertThat(Client.of(web).get("/login").header("Set-Cookie")).doesNotContain("Secure");
    }

    @Test
    void wrongPasswordsAndBrokenUploadsComeBackWithTheForm() throws Exception {
        Client.Got form = Client.of(web).get("/login");
        Client visitor = Client.of(web).with("Cookie", form.header("Set-Cookie").split(";")[0]);
        Client.Got wrong = visitor.form("/login", Map.of("csrf", form.csrf(), "name", "no\"body", "password", "whatever"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.text()).contains("do not belong together").contains("value=\"no&quot;body\"");
        Client carl = joined("carl", "Carl");
        Client.Got refused = multipart(carl, carl.get("/upload").csrf(), "A text", "hello".getBytes(StandardCharsets.UTF_8));
        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.text()).contains("none of them").contains("enctype=\"multipart/form-data\"");
        assertThat(multipart(carl, carl.get("/upload").csrf(), "Too large", new byte[Picture.MOST_BYTES + 1]).status()).isEqualTo(413);
    }

    private static Client joined(String name, String displayName) throws Exception {
        Client.Got form = Client.of(web).get("/register");
        Client visitor = Client.of(web).with("Cookie", form.header("Set-Cookie").split(";")[0]);
        Client.Got in = visitor.form("/register", Map.of("csrf", form.csrf(), "name", name, "displayName", displayName, "password", "correct horse"));
        assertThat(in.status()).isEqualTo(303);
        assertThat(in.header("Set-Cookie")).startsWith("photos_session=").contains("HttpOnly; SameSite=Lax");
        return Client.of(web).with("Cookie", in.header("Set-Cookie").split(";")[0]);
    }

    private static String upload(Client client, String title) throws Exception {
        Client.Got got = multipart(client, client.get("/upload").csrf(), title, TestPicture.jpeg(title.hashCode()));
        assertThat(got.status()).isEqualTo(303);
        return got.header("Location");
    }

    private static Client.Got multipart(Client client, String csrf, String title, byte[] photo) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : Map.of("csrf", csrf, "title", title).entrySet()) {
            body.writeBytes(("--edge\r\nContent-Disposition: form-data; name=\"" + field.getKey() + "\"\r\n\r\n" + field.getValue() + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes("--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(photo);
        body.writeBytes("\r\n--edge--\r\n".getBytes(StandardCharsets.UTF_8));
        return client.send("POST", "/upload", "multipart/form-data; boundary=edge", body.toByteArray());
    }
}
