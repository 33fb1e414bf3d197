package dev.banyan.photos;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A small client for the tests: JSON by token, or forms by cookie like a browser. */
final class Client {
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final String base;
    private final Map<String, String> headers;

    private Client(String base, Map<String, String> headers) {
        this.base = base;
        this.headers = headers;
    }

    static Client of(WebServer web) {
        return new Client("http://127.0.0.1:" + web.port(), Map.of());
    }

    /** The same headers against another instance. */
    Client at(WebServer web) {
        return new Client("http://127.0.0.1:" + web.port(), headers);
    }

    Client with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Client(base, more);
    }

    /** What came back; {@link #json()} and {@link #text()} read its body. */
    record Got(int status, HttpResponse<byte[]> response) {
        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String csrf() {
            Matcher matcher = CSRF.matcher(text());
            if (!matcher.find()) {
                throw new AssertionError("no CSRF token on the page:\n" + text());
            }
            return matcher.group(1);
        }
    }

    Got get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, new byte[0]);
    }

    Got json(String method, String path, Object body) throws IOException, InterruptedException {
        return send(method, path, "application/json", JSON.writeValueAsBytes(body));
    }

    Got form(String path, Map<String, String> fields) throws IOException, InterruptedException {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        return send("POST", path, "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8));
    }

    Got send(String method, String path, String contentType, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).method(method,
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Got(response.statusCode(), response);
    }

    /** A new user with a session by token. */
    Client joined(String name) throws IOException, InterruptedException {
        json("POST", "/api/v1/users", Map.of("name", name, "password", "correct horse"));
        String token = json("POST", "/api/v1/sessions", Map.of("name", name, "password", "correct horse")).json().get("token").asString();
        return with("Authorization", "Bearer " + token);
    }

    /** Uploads a small picture with that title; the photo's id. */
    long uploaded(String title, int number) throws IOException, InterruptedException {
        return send("POST", "/api/v1/photos?title=" + URLEncoder.encode(title, StandardCharsets.UTF_8), "image/jpeg", TestPicture.jpeg(number))
                .json().get("id").asLong();
    }
}
