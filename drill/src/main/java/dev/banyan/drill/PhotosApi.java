package dev.banyan.drill;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The requests of the photos application: its paths, headers and bodies, and nothing else. */
final class PhotosApi {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String API = "/api/v1";
    private static final Request.Header JSON_BODY = new Request.Header("Content-Type", "application/json");

    private final Target target;

    PhotosApi(Target target) {
        this.target = target;
    }

    Request register(String name, String password, String key) {
        return post("register", "/users", Map.of("name", name, "displayName", name, "password", password), List.of(JSON_BODY, idempotency(key)));
    }

    Request logIn(String name, String password) {
        return post("log_in", "/sessions", Map.of("name", name, "password", password), List.of(JSON_BODY));
    }

    Request logOut(String token) {
        return Request.of("log_out", target, "DELETE", API + "/sessions/current", Request.Body.COUNT, List.of(session(token)), new byte[0]);
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

    /** @param path as the API gave it, {@code /media/SHA256.EXTENSION} */
    Request media(String step, String path) {
        return Request.get(step, target, path, Request.Body.HASH);
    }

    /** A page as a browser asks for it, signed in by cookie. */
    Request page(String path, String token) {
        return Request.get("page", target, path, Request.Body.KEEP, new Request.Header("Cookie", "photos_session=" + token));
    }

    Request like(long photo, String token) {
        return put("like", "/photos/" + photo + "/like", token);
    }

    Request follow(String name, String token) {
        return put("follow", "/users/" + name + "/follow", token);
    }

    /** Without an Idempotency-Key, so that a comment sent on twice by whatever stands between is there twice, and found. */
    Request comment(long photo, String text, String token) {
        return post("comment", "/photos/" + photo + "/comments", Map.of("text", text), List.of(JSON_BODY, session(token)));
    }

    /** @param title words of letters and digits */
    Request upload(String title, byte[] png, String key, String token) {
        return Request.of("upload", target, "POST", API + "/photos?title=" + title.replace(' ', '+'), Request.Body.KEEP,
                List.of(new Request.Header("Content-Type", "image/png"), session(token), idempotency(key)), png);
    }

    private Request get(String step, String path, String token) {
        return Request.get(step, target, path, Request.Body.KEEP, session(token));
    }

    private Request put(String step, String path, String token) {
        return Request.of(step, target, "PUT", API + path, Request.Body.KEEP, List.of(session(token)), new byte[0]);
    }

    private Request post(String step, String path, Map<String, String> body, List<Request.Header> headers) {
        return Request.of(step, target, "POST", API + path, Request.Body.KEEP, headers, JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
    }

    private static Request.Header session(String token) {
        return new Request.Header("Authorization", "Bearer " + token);
    }

    private static Request.Header idempotency(String key) {
        return new Request.Header("Idempotency-Key", key);
    }
}
