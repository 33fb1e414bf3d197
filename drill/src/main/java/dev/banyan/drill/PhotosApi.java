package dev.banyan.drill;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One user's requests to the photos application: its paths, headers and bodies, and nothing else. Owned by the thread that takes the user's step. */
final class PhotosApi {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String API = "/api/v1";
    private static final String COOKIE = "Cookie";
    private static final Request.Header JSON_BODY = new Request.Header("Content-Type", "application/json");

    private final Target target;
    private final CookieJar cookies;

    /** @param cookies that the requests carry */
    PhotosApi(Target target, CookieJar cookies) {
        this.target = target;
        this.cookies = cookies;
    }

    /** The same site, asked by someone else. */
    PhotosApi of(CookieJar theirs) {
        return new PhotosApi(target, theirs);
    }

    Request register(String name, String password, String key) {
        return post("register", "/users", Map.of("name", name, "displayName", name, "password", password), JSON_BODY, idempotency(key));
    }

    Request logIn(String name, String password) {
        return post("log_in", "/sessions", Map.of("name", name, "password", password), JSON_BODY);
    }

    Request logOut(String token) {
        return Request.of("log_out", target, "DELETE", API + "/sessions/current", Request.Body.COUNT, withCookies(session(token)), new byte[0]);
    }

    /** Who the session belongs to. */
    Request me(String token) {
        return get("me", API + "/me", token);
    }

    Request feed(String token) {
        return get("feed", API + "/feed", token);
    }

    Request explore(String token) {
        return get("explore", API + "/explore", token);
    }

    /** @param words letters and digits only */
    Request search(String words, String token) {
        return get("search", API + "/search?q=" + words.replace(' ', '+'), token);
    }

    Request photo(long id, String token) {
        return get("photo", API + "/photos/" + id, token);
    }

    Request comments(long photo, String token) {
        return get("comments", API + "/photos/" + photo + "/comments", token);
    }

    Request comment(long id, String token) {
        return get("comment_read", API + "/comments/" + id, token);
    }

    Request profile(String name, String token) {
        return get("profile", API + "/users/" + name, token);
    }

    Request photosOf(String name, String token) {
        return get("profile_photos", API + "/users/" + name + "/photos", token);
    }

    /**
     * A picture, as an application on a phone asks for it.
     *
     * @param path as the API gave it, {@code /media/SHA256.EXTENSION}
     */
    Request media(String step, String path) {
        return get(step, path, Request.Body.HASH, withCookies());
    }

    /** What a page is made of, as a browser asks for it: with every cookie of the site, whether it matters or not. */
    Request part(String step, String path, String token) {
        return get(step, path, Request.Body.HASH, token.isEmpty() ? withCookies() : List.of(new Request.Header(COOKIE, cookies.field("photos_session", token))));
    }

    /** A page as a browser asks for it, signed in by cookie. */
    Request page(String path, String token) {
        return get("page", path, Request.Body.KEEP, List.of(new Request.Header(COOKIE, cookies.field("photos_session", token))));
    }

    /** The same, asked for by someone who is not signed in. */
    Request visit(String path) {
        return get("visit", path, Request.Body.KEEP, withCookies());
    }

    Request like(long photo, String token) {
        return put("like", "/photos/" + photo + "/like", token);
    }

    Request follow(String name, String token) {
        return put("follow", "/users/" + name + "/follow", token);
    }

    /** Without an Idempotency-Key, so that a comment sent on twice by whatever stands between is there twice, and found. */
    Request comment(long photo, String text, String token) {
        return post("comment", "/photos/" + photo + "/comments", Map.of("text", text), JSON_BODY, session(token));
    }

    /** @param title words of letters and digits */
    Request upload(String title, byte[] png, String key, String token) {
        return Request.of("upload", target, "POST", API + "/photos?title=" + title.replace(' ', '+'), Request.Body.KEEP,
                withCookies(new Request.Header("Content-Type", "image/png"), session(token), idempotency(key)), png);
    }

    private Request get(String step, String path, String token) {
        return get(step, path, Request.Body.KEEP, withCookies(session(token)));
    }

    private Request get(String step, String path, Request.Body body, List<Request.Header> headers) {
        return Request.of(step, target, "GET", path, body, headers, new byte[0]);
    }

    private Request put(String step, String path, String token) {
        return Request.of(step, target, "PUT", API + path, Request.Body.KEEP, withCookies(session(token)), new byte[0]);
    }

    private Request post(String step, String path, Map<String, String> body, Request.Header... headers) {
        return Request.of(step, target, "POST", API + path, Request.Body.KEEP, withCookies(headers), JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
    }

    private List<Request.Header> withCookies(Request.Header... headers) {
        String field = cookies.field();
        if (field.isEmpty()) {
            return List.of(headers);
        }
        List<Request.Header> all = new ArrayList<>(List.of(headers));
        all.add(new Request.Header(COOKIE, field));
        return all;
    }

    private static Request.Header session(String token) {
        return new Request.Header("Authorization", "Bearer " + token);
    }

    private static Request.Header idempotency(String key) {
        return new Request.Header("Idempotency-Key", key);
    }
}
